export { createCompleteHandler } from './complete.ts';
export { lambdaDeps } from './deps.ts';
export { parseEnvironment, StageEnvironment } from './environment.ts';
export { createReconcileHandler } from './reconcile.ts';
export { createStageHandlers } from './stage.ts';
export { createStartHandler, type MessageHandler, requestHandler } from './start.ts';
