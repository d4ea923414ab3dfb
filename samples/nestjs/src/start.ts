// `npm start`: runs two instances, until this process is told to end.
import { Instance } from './instance.js';

async function start(): Promise<void> {
  const instances = await Promise.all(['3001', '3002'].map((port) => Instance.start({ PORT: port })));
  for (const { child } of instances) child.stdout.pipe(process.stdout);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      for (const instance of instances) void instance.end('SIGTERM');
    });
  }
  console.log(`Two instances: ${instances.map(({ url }) => url).join(' and ')}`);
}

void start();
