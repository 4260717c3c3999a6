using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Driver.Status;

public enum DeclarationKind { Function, Type, Trait, Implementation, Const, Effect, Import, Test, Other }

/// <param name="Name">As plans name it: module and name, or what stands for one.</param>
/// <param name="Hash">Of its tokens without comments, layout between them, and doc blocks: equal hashes mean equal declarations.</param>
public sealed record DeclarationText(string Name, DeclarationKind Kind, string Hash);

/// <summary>A module's text, declaration by declaration. Members with code count for themselves and not for what they are members of.</summary>
internal static class DeclarationTexts
{
    private const int HashBytes = 8;

    /// <summary>In the order of the names; declarations that share one are taken together.</summary>
    public static ImmutableArray<DeclarationText> Of(string module, SyntaxTree tree)
    {
        var parts = new List<(string Name, DeclarationKind Kind, Declaration Declaration, IEnumerable<Declaration> Members)>();
        foreach (var declaration in tree.Declarations) Collect(module, declaration, tree.Source, parts);
        var texts = ImmutableArray.CreateBuilder<DeclarationText>();
        foreach (var same in parts.GroupBy(p => (p.Name, p.Kind)).OrderBy(g => g.Key.Name, StringComparer.Ordinal).ThenBy(g => g.Key.Kind))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var part in same) Add(hash, tree, part.Declaration, part.Members);
            texts.Add(new DeclarationText(same.Key.Name, same.Key.Kind, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, HashBytes))));
        }
        return texts.DrainToImmutable();
    }

    private static void Collect(string owner, Declaration declaration, SourceText source, List<(string, DeclarationKind, Declaration, IEnumerable<Declaration>)> to)
    {
        void Add(string name, DeclarationKind kind) => to.Add((name, kind, declaration, []));
        void AddWithMembers(string name, DeclarationKind kind, IEnumerable<Declaration> members)
        {
            var own = members.Where(m => m is Declaration.Function { Body: not null }).ToArray();
            to.Add((name, kind, declaration, own));
            foreach (var member in own) Collect(name, member, source, to);
        }
        switch (declaration)
        {
            case Declaration.Use use: Add($"{owner} uses {use.Path}", DeclarationKind.Import); break;
            case Declaration.Function function: Add($"{owner}.{function.Name}", DeclarationKind.Function); break;
            case Declaration.Const constant: Add($"{owner}.{constant.Name}", DeclarationKind.Const); break;
            case Declaration.Struct type: AddWithMembers($"{owner}.{type.Name}", DeclarationKind.Type, type.Members); break;
            case Declaration.Enum type: AddWithMembers($"{owner}.{type.Name}", DeclarationKind.Type, type.Members); break;
            case Declaration.Alias type: Add($"{owner}.{type.Name}", DeclarationKind.Type); break;
            case Declaration.Opaque type: Add($"{owner}.{type.Name}", DeclarationKind.Type); break;
            case Declaration.Trait trait: Add($"{owner}.{trait.Name}", DeclarationKind.Trait); break;
            case Declaration.Implementation implementation:
                var arguments = implementation.TraitArguments.IsEmpty ? "" : $"({string.Join(", ", implementation.TraitArguments.Select(a => source.Slice(a.Span).ToString()))})";
                AddWithMembers($"{owner}.{implementation.Type.Last} as {implementation.TraitPath.Last}{arguments}", DeclarationKind.Implementation, implementation.Methods);
                break;
            case Declaration.Effect effect: Add($"{owner}.{effect.Name}", DeclarationKind.Effect); break;
            case Declaration.Test test: Add($"{owner} test {test.Title}", DeclarationKind.Test); break;
            case Declaration.Error: Add($"{owner}, what cannot be read of it", DeclarationKind.Other); break;
        }
    }

    private static void Add(IncrementalHash hash, SyntaxTree tree, Declaration declaration, IEnumerable<Declaration> members)
    {
        // Where members stand must not show in what they are taken out of.
        var hasMembers = declaration is Declaration.Struct or Declaration.Enum or Declaration.Implementation;
        var holes = new Queue<TextSpan>(members.Select(m => m.Span).OrderBy(s => s.Start));
        var tokens = tree.Tokens;
        for (var i = FirstAt(tokens, declaration.Span.Start); i < tokens.Length && tokens[i].Span.Start < declaration.Span.End; i++)
        {
            var (kind, span, _) = tokens[i];
            while (holes.TryPeek(out var hole) && hole.End <= span.Start) holes.Dequeue();
            if (kind == TokenKind.Doc || (holes.TryPeek(out var inside) && inside.Contains(span.Start))) continue;
            var isLayout = kind is TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent;
            if (isLayout && (hasMembers || (kind == TokenKind.NewLine && i > 0 && tokens[i - 1].Kind == TokenKind.Doc))) continue;
            hash.AppendData([(byte)kind]);
            if (!isLayout) hash.AppendData(MemoryMarshal.AsBytes(tree.Source.Slice(span)));
            // No text has half of a character in it: this ends one token's and begins the next one's.
            hash.AppendData([0xff, 0xdf]);
        }
    }

    private static int FirstAt(ImmutableArray<Token> tokens, int start)
    {
        var (low, high) = (0, tokens.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (tokens[middle].Span.Start < start) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
