/** Style sheets are imported for their effect; Vite reads them. */
declare module '*.css';
