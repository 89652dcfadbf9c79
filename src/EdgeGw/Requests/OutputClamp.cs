using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Requests;

/// <summary>A smaller output cap for a call that a budget refuses for its cap alone (acceptance case 56). Only where the operator wants it.</summary>
internal static class OutputClamp
{
    /// <summary>Fewer output tokens than these are no answer worth paying the input for.</summary>
    private const long LeastUseful = 256;

    /// <summary>Lowers the call's cap to what <paramref name="refusal"/> leaves, to be sent and held instead.</summary>
    /// <returns>False: nothing has changed, because nobody wants it, too little is left, or the body has no place for a cap.</returns>
    public static bool TryApply(GatewayRequest request, BudgetRefusal refusal)
    {
        var facts = request.Facts;
        if (!request.Setup.Config.Requests.ClampOutput || refusal.Action != AtLimit.Block || request.CallerPrice?.Total is not null
            || CallBound.OutputWithin(request, refusal.Remaining) is not { } tokens)
        {
            return false;
        }
        var cap = tokens / Math.Max(1, facts.Choices);
        if (cap < LeastUseful || cap >= facts.MaxOutput
            || OutputCap.Edits(facts.Dialect, request.Target!.Value.Provider.Kind.Name, request.Body.Bytes.Span, cap) is not { } edits)
        {
            return false;
        }
        request.Facts = facts with { MaxOutput = cap };
        request.ClampEdits = edits;
        return true;
    }
}
