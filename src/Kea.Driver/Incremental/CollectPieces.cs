using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Driver.Incremental;

/// <summary>Divides a module's tokens among pieces: every token belongs to one.</summary>
internal sealed class CollectPieces
{
    /// <summary>Begins the keys of structs and enums; their names with the types around them follow.</summary>
    public const string TypeKey = "type ";

    /// <summary>Begins the keys of traits and of their defaults.</summary>
    public const string TraitKey = "trait ";

    /// <summary>The key of all imports of a module, and of what stands between declarations.</summary>
    public const string UseKey = "use", FileKey = "file";

    /// <summary>Begins the keys of tests.</summary>
    public const string TestKey = "test";

    private readonly SyntaxTree _tree;
    private readonly ImmutableArray<BodyPiece>.Builder _bodies = ImmutableArray.CreateBuilder<BodyPiece>();
    private readonly ImmutableArray<ShellPiece>.Builder _shells = ImmutableArray.CreateBuilder<ShellPiece>();
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);

    private CollectPieces(SyntaxTree tree) => _tree = tree;

    public static (ImmutableArray<BodyPiece> Bodies, ImmutableArray<ShellPiece> Shells) Of(SyntaxTree tree)
    {
        var collect = new CollectPieces(tree);
        var uses = ImmutableArray.CreateBuilder<TokenRange>();
        var around = new Remainder(0, tree.Tokens.Length);
        foreach (var declaration in tree.Declarations)
        {
            var range = collect.RangeOf(declaration.Span);
            around.Without(range);
            if (declaration is Declaration.Use) uses.Add(range);
            else collect.Add(declaration, []);
        }
        // Their order decides what an ambiguous name means.
        collect.Shell(UseKey, uses.ToImmutable(), isLineSensitive: false);
        collect.Shell(FileKey, around.Ranges, isLineSensitive: false);
        collect._bodies.Sort((a, b) => a.Body.Start.CompareTo(b.Body.Start));
        return (collect._bodies.DrainToImmutable(), collect._shells.DrainToImmutable());
    }

    private void Add(Declaration declaration, ImmutableArray<string> owner)
    {
        var prefix = string.Concat(owner.Select(o => o + "."));
        switch (declaration)
        {
            case Declaration.Function { Body: { } body } function: Body($"fn {prefix}{function.Name.Text}", owner, function, body); break;
            case Declaration.Function signature: Whole($"fn {prefix}{signature.Name.Text}", signature); break;
            case Declaration.Struct type: Type(type, type.Name, type.Members, owner); break;
            case Declaration.Enum type: Type(type, type.Name, type.Members, owner); break;
            case Declaration.Const constant: Whole($"const {prefix}{constant.Name.Text}", constant); break;
            case Declaration.Alias alias: Whole($"alias {prefix}{alias.Name.Text}", alias); break;
            case Declaration.Opaque opaque: Whole($"opaque {prefix}{opaque.Name.Text}", opaque); break;
            case Declaration.Trait trait: Methods($"{TraitKey}{trait.Name.Text}", trait, trait.Methods); break;
            case Declaration.Effect effect: Whole($"effect {prefix}{effect.Name.Text}", effect); break;
            case Declaration.Implementation implementation: Methods(KeyOf(implementation), implementation, implementation.Methods); break;
            case Declaration.Test test: Test(test); break;
            case Declaration.Use or Declaration.Error: break;
        }
    }

    private void Body(string key, ImmutableArray<string>? owner, Declaration declaration, Expression body)
    {
        var (whole, own) = (RangeOf(declaration.Span), RangeOf(body.Span));
        _bodies.Add(new BodyPiece(Unique(key), owner, declaration, body, new(whole.Start, own.Start), own));
    }

    private void Whole(string key, Declaration declaration) => Shell(key, [RangeOf(declaration.Span)], isLineSensitive: true, declaration);

    private void Type(Declaration declaration, Name name, ImmutableArray<Declaration> members, ImmutableArray<string> owner)
    {
        var range = RangeOf(declaration.Span);
        var shell = new Remainder(range.Start, range.End);
        foreach (var member in members)
        {
            shell.Without(RangeOf(member.Span));
            Add(member, owner.Add(name.Text));
        }
        Shell($"{TypeKey}{string.Concat(owner.Select(o => o + "."))}{name.Text}", shell.Ranges, isLineSensitive: false, declaration);
    }

    /// <summary>Without what is told apart only by a number.</summary>
    public static string KeyOf(Declaration.Implementation implementation) => $"impl {implementation.Type} as {implementation.TraitPath}";

    /// <summary>A trait or an implementation, whose methods' headers belong to it.</summary>
    private void Methods(string key, Declaration declaration, ImmutableArray<Declaration.Function> methods)
    {
        var range = RangeOf(declaration.Span);
        var shell = new Remainder(range.Start, range.End);
        foreach (var method in methods)
        {
            if (method.Body is not { } body) continue;
            shell.Without(RangeOf(body.Span));
            Body($"{key}.{method.Name.Text}", null, method, body);
        }
        Shell(key, shell.Ranges, isLineSensitive: false, declaration);
    }

    private void Test(Declaration.Test test)
    {
        var range = RangeOf(test.Span);
        var shell = new Remainder(range.Start, range.End);
        shell.Without(RangeOf(test.Body.Span));
        Body(TestKey, null, test, test.Body);
        Shell(TestKey, shell.Ranges, isLineSensitive: false);
    }

    private void Shell(string key, ImmutableArray<TokenRange> ranges, bool isLineSensitive, Declaration? declaration = null) =>
        _shells.Add(new ShellPiece(Unique(key), ranges, isLineSensitive) { Declaration = declaration });

    /// <summary>What is there twice, as tests are and as mistakes may be, is told apart by its place.</summary>
    private string Unique(string key)
    {
        var count = _keys[key] = _keys.GetValueOrDefault(key) + 1;
        return count == 1 ? key : $"{key} #{count}";
    }

    private TokenRange RangeOf(TextSpan span)
    {
        var (start, end) = (FirstFrom(span.Start), FirstFrom(span.End));
        // Blocks that end where this begins belong to what stands before it.
        while (start < end && _tree.Tokens[start].Kind is (TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent)) start++;
        return new(start, end);
    }

    /// <summary>The first token that begins at an offset or behind it.</summary>
    private int FirstFrom(int offset)
    {
        var (low, high) = (0, _tree.Tokens.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_tree.Tokens[middle].Span.Start < offset) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>A range and what is left of it when others are taken out, one behind the other.</summary>
    private sealed class Remainder(int start, int end)
    {
        private readonly ImmutableArray<TokenRange>.Builder _left = ImmutableArray.CreateBuilder<TokenRange>();
        private int _from = start;

        public void Without(TokenRange range)
        {
            if (range.Start > _from) _left.Add(new(_from, range.Start));
            _from = Math.Max(_from, range.End);
        }

        public ImmutableArray<TokenRange> Ranges => _from < end ? [.. _left, new(_from, end)] : _left.ToImmutable();
    }
}
