// The Responses part of the package is marked experimental; using it as it is is the point of the test.
#pragma warning disable OPENAI001

using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace EdgeGw.FunctionalTests.Sdk;

/// <summary>The NuGet package OpenAI, unmodified: one line for all that it yields in one scenario.</summary>
internal sealed class NuGetOpenAi(SdkTarget target)
{
    private readonly OpenAIClient _client = new(
        new ApiKeyCredential(target.Key),
        // A recorded error is the same on every try; retries would only make it slow.
        new OpenAIClientOptions { Endpoint = target.OpenAi, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

    public async Task<string> RunAsync(string api, bool stream, string model, string prompt)
    {
        var yielded = new List<string>();
        try
        {
            await (api == "chat" ? ChatAsync(stream, model, prompt, yielded) : ResponsesAsync(stream, model, prompt, yielded));
        }
        catch (ClientResultException error)
        {
            yielded.Add($"{error.GetType().Name} {error.Status} {error.Message}");
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or System.Text.Json.JsonException or KeyNotFoundException or ArgumentException)
        {
            // Some recordings of look-alikes are more than this package understands; it must then fail alike on both sides.
            yielded.Add($"{error.GetType().Name} {error.Message}");
        }
        return string.Join('\n', yielded);
    }

    private async Task ChatAsync(bool stream, string model, string prompt, List<string> yielded)
    {
        var chat = _client.GetChatClient(model);
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 400 };
        if (!stream)
        {
            ChatCompletion completion = await chat.CompleteChatAsync([new UserChatMessage(prompt)], options);
            yielded.Add(Text(completion));
            return;
        }
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage(prompt)], options))
        {
            yielded.Add(Text(update));
        }
    }

    private async Task ResponsesAsync(bool stream, string model, string prompt, List<string> yielded)
    {
        var responses = _client.GetResponsesClient();
        var options = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem(prompt)]) { MaxOutputTokenCount = 400, StreamingEnabled = stream };
        if (!stream)
        {
            ResponseResult result = await responses.CreateResponseAsync(options);
            yielded.Add(Text(result));
            return;
        }
        await foreach (var update in responses.CreateResponseStreamingAsync(options))
        {
            yielded.Add(Text(update));
        }
    }

    private static string Text<T>(T model)
        where T : IPersistableModel<T> => $"{model.GetType().Name} {ModelReaderWriter.Write(model)}";
}
