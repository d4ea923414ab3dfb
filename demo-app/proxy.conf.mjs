// `ng serve` forwards /api and the documents to the backend.
const target = `http://127.0.0.1:${process.env.API_PORT ?? 4201}`;
export default { '/api': { target }, '/README.md': { target }, '/docs': { target } };
