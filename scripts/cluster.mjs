import { runCluster } from './cluster/run.mjs';
import { main } from './lib/step.mjs';

/** npm run cluster -- up|status|kill|stop|start|restart|logs|down: the distributed profile on one machine, see docs/operations.md. */
await main(() => runCluster(process.argv.slice(2), process.env));
