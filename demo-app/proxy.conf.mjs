// `ng serve` forwards /api to the backend.
export default {
  '/api': { target: `http://127.0.0.1:${process.env.API_PORT ?? 4201}` },
};
