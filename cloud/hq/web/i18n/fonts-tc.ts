/** Noto Sans TC, regular and bold, for readers of traditional Chinese. */
import '@fontsource/noto-sans-tc/400.css';
import '@fontsource/noto-sans-tc/700.css';
