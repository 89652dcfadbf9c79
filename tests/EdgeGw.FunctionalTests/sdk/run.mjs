// Runs scenarios with the official SDKs, unmodified, and prints one line of JSON for all that each SDK yields.
// Input on standard input: { openai, anthropic, gemini: { baseURL, apiKey }, scenarios: [{ name, api, model, prompt, stream, helper, includeUsage }] }
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const input = JSON.parse(Buffer.concat(chunks).toString('utf8'));

// Retries would make a recorded error slow, not different.
const openai = new OpenAI({ ...input.openai, maxRetries: 0 });
const anthropic = new Anthropic({ ...input.anthropic, maxRetries: 0 });
const gemini = new GoogleGenAI({ apiKey: input.gemini.apiKey, httpOptions: { baseUrl: input.gemini.baseURL } });

const collect = async (stream) => {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
};

const run = {
  async chat({ model, prompt, stream, helper, includeUsage }) {
    const body = { model, messages: [{ role: 'user', content: prompt }], max_completion_tokens: 400 };
    if (includeUsage) body.stream_options = { include_usage: true };
    if (helper) return openai.chat.completions.stream(body).finalChatCompletion();
    if (!stream) return openai.chat.completions.create(body);
    return collect(await openai.chat.completions.create({ ...body, stream: true }));
  },
  async responses({ model, prompt, stream, helper }) {
    const body = { model, input: prompt, max_output_tokens: 400 };
    if (helper) return openai.responses.stream(body).finalResponse();
    if (!stream) return openai.responses.create(body);
    return collect(await openai.responses.create({ ...body, stream: true }));
  },
  async messages({ model, prompt, stream, helper }) {
    const body = { model, messages: [{ role: 'user', content: prompt }], max_tokens: 400 };
    if (helper) return anthropic.messages.stream(body).finalMessage();
    if (!stream) return anthropic.messages.create(body);
    return collect(await anthropic.messages.create({ ...body, stream: true }));
  },
  async gemini({ model, prompt, stream }) {
    const request = { model, contents: prompt, config: { maxOutputTokens: 400 } };
    const plain = (r) => ({ ...r, sdkHttpResponse: undefined });
    if (!stream) return plain(await gemini.models.generateContent(request));
    return (await collect(await gemini.models.generateContentStream(request))).map(plain);
  },
  async embeddings({ model, prompt }) {
    return openai.embeddings.create({ model, input: prompt, encoding_format: 'float' });
  },
};

for (const scenario of input.scenarios) {
  let outcome;
  try {
    outcome = { result: await run[scenario.api](scenario) };
  } catch (error) {
    outcome = {
      error: {
        class: error.constructor.name, name: error.name, status: error.status, code: error.code, type: error.type,
        message: error.message, body: error.error, requestID: error.requestID,
      },
    };
  }
  console.log(JSON.stringify({ name: scenario.name, ...outcome }));
}
