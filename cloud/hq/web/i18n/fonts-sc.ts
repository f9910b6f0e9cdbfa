/** Noto Sans SC, regular and bold. Its own file: three hundred ranges of characters are no part of the first page. */
import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/700.css';
