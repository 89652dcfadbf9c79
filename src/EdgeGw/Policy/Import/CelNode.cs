namespace EdgeGw.Policy.Import;

/// <summary>An expression of CEL, the Common Expression Language, as far as the subset goes that can become a match.</summary>
/// <param name="At">Where it begins, in characters from 0.</param>
internal abstract record CelNode(int At);

internal sealed record CelText(int At, string Value) : CelNode(At);

internal sealed record CelBool(int At, bool Value) : CelNode(At);

/// <summary>A number or <c>null</c>: read, so that what stands around it is understood, and never carried over.</summary>
internal sealed record CelOther(int At) : CelNode(At);

internal sealed record CelName(int At, string Name) : CelNode(At);

/// <summary><c>of.name</c></summary>
internal sealed record CelMember(int At, CelNode Of, string Name) : CelNode(At);

/// <summary><c>of[key]</c></summary>
internal sealed record CelIndex(int At, CelNode Of, CelNode Key) : CelNode(At);

/// <summary><c>of.name(arguments)</c>, or <c>name(arguments)</c> where <paramref name="Of"/> is null.</summary>
internal sealed record CelCall(int At, CelNode? Of, string Name, IReadOnlyList<CelNode> Arguments) : CelNode(At);

internal sealed record CelList(int At, IReadOnlyList<CelNode> Items) : CelNode(At);

internal sealed record CelNot(int At, CelNode Of) : CelNode(At);

/// <param name="Operator">One of <c>&amp;&amp; || == != in</c> and, never carried over, <c>&lt; &lt;= &gt; &gt;=</c>.</param>
internal sealed record CelBinary(int At, string Operator, CelNode Left, CelNode Right) : CelNode(At);
