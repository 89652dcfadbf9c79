// Runs Bedrock's official client, unmodified, and prints one line of JSON for all that it yields.
// Input on standard input: { endpoint, token, region, calls: [{ operation, modelId }] }
import {
  BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand, InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const input = JSON.parse(Buffer.concat(chunks).toString('utf8'));

const client = new BedrockRuntimeClient({
  region: input.region,
  endpoint: input.endpoint,
  token: { token: input.token },
  authSchemePreference: ['httpBearerAuth'],
  // By default this client speaks HTTP/2, which needs TLS on the way to the gateway.
  requestHandler: new NodeHttpHandler(),
  maxAttempts: 1,
});
const messages = [{ role: 'user', content: [{ text: 'Hi' }] }];
const body = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }] });
const text = (bytes) => Buffer.from(bytes).toString('utf8');
const collect = async (stream, shape) => {
  const items = [];
  for await (const item of stream) items.push(shape(item));
  return items;
};

const run = {
  converse: async (modelId) => client.send(new ConverseCommand({ modelId, messages, inferenceConfig: { maxTokens: 64 } })),
  async converseStream(modelId) {
    return collect((await client.send(new ConverseStreamCommand({ modelId, messages, inferenceConfig: { maxTokens: 64 } }))).stream, (item) => item);
  },
  invoke: async (modelId) => text((await client.send(new InvokeModelCommand({ modelId, body, contentType: 'application/json' }))).body),
  async invokeStream(modelId) {
    return collect((await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body, contentType: 'application/json' }))).body, (item) => text(item.chunk.bytes));
  },
};

for (const call of input.calls) {
  let outcome;
  try {
    const result = await run[call.operation](call.modelId);
    outcome = { result: result.$metadata ? { ...result, $metadata: undefined } : result };
  } catch (error) {
    outcome = { error: { name: error.name, status: error.$metadata?.httpStatusCode, message: error.message } };
  }
  console.log(JSON.stringify({ ...call, ...outcome }));
}
