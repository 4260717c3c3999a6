using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>Where a function is declared; it settles what its header and body may be.</summary>
internal enum FunctionPlace { Module, Member, Implementation, Trait, Effect }

internal sealed partial class Parser
{
    private readonly Scratch<TypeParameter> _typeParameters = new();

    /// <summary>After an error in a declaration's first line: its lines and block are skipped.</summary>
    private Declaration.Error Abandon(Header header, int start)
    {
        SkipLine();
        return new Declaration.Error(header, SpanFrom(start));
    }

    private Declaration ParseUse(Header header, int start)
    {
        NoAnnotations(header, "use statements");
        NotPublic(header, "use statements");
        if (header.Doc is { } doc) _messages.Error(doc.Span, "doc blocks cannot be attached to use statements");
        Advance();
        if (Kind != TokenKind.Upper)
        {
            Expected("expected module name");
            return Abandon(header, start);
        }
        var path = ParseTypePath();
        ImmutableArray<Name>? names = null;
        if (Kind == TokenKind.Dot)
        {
            Advance();
            if (Kind == TokenKind.Star)
            {
                ReportGlob();
                if (Kind == TokenKind.Star) Advance();
                return new Declaration.Error(header, SpanFrom(start));
            }
            if (!Expect(TokenKind.OpenBrace, "expected module name or { after .")) return Abandon(header, start);
            names = ParseImportedNames();
        }
        Name? alias = null;
        if (Accept(TokenKind.As))
        {
            if (Kind == TokenKind.Upper) alias = TakeName();
            else Expected("expected module name after as");
        }
        return new Declaration.Use(header, path, names, alias, SpanFrom(start));
    }

    private void ReportGlob() =>
        _messages.Error(Current.Span, "glob imports are not supported", "name what you import: `use M.{a, B}`");

    private ImmutableArray<Name> ParseImportedNames()
    {
        var mark = _nameList.Mark;
        while (Kind != TokenKind.CloseBrace && !AtEnd)
        {
            if (Kind == TokenKind.Star)
            {
                ReportGlob();
                _lastReported = _position;
            }
            if (!AtLower && Kind is not (TokenKind.Upper or TokenKind.None))
            {
                Expected("expected a name to import");
                break;
            }
            _nameList.Add(TakeName());
            if (!Accept(TokenKind.Comma)) break;
        }
        var names = _nameList.Take(mark);
        CloseBracketed(TokenKind.CloseBrace, "expected , or } after imported name");
        return names;
    }

    private Declaration ParseFunction(Header header, int start, FunctionPlace place)
    {
        var isExpr = Kind == TokenKind.Expr;
        Advance();
        if (!AtLower)
        {
            Expected("expected function name");
            return Abandon(header, start);
        }
        var name = TakeName();
        var isInterface = header.IsPublic || place is FunctionPlace.Trait or FunctionPlace.Effect;
        var reported = _messages.Count;
        var signature = ParseSignature(isInterface, allowWhere: place != FunctionPlace.Effect);
        var outer = _inExprBody;
        _inExprBody = isExpr;
        var body = ParseFunctionBody(header, place, signatureIsBroken: _messages.Count > reported);
        _inExprBody = outer;
        return new Declaration.Function(header, isExpr, name, signature, body, SpanFrom(start));
    }

    private Expression? ParseFunctionBody(Header header, FunctionPlace place, bool signatureIsBroken)
    {
        if (place == FunctionPlace.Effect)
        {
            if (AtBlock) _messages.Error(_tokens[_position + 2].Span, "effect operations are signatures only and cannot have a body");
            if (AtBlock) SkipLine();
            return null;
        }
        if (IsExtern(header))
        {
            if (AtBlock) _messages.Rule(_tokens[_position + 2].Span, "functions marked `@extern` have no body");
            if (AtBlock) SkipLine();
            return null;
        }
        if (AtBlock) return ParseBlock("");
        if (place == FunctionPlace.Trait) return null;
        // A bracket left open in the signature hides the layout of what follows.
        if (!signatureIsBroken) Expected("expected function body block");
        if (Kind is not (TokenKind.NewLine or TokenKind.Dedent)) SkipLine();
        return new Expression.Error(TextSpan.Empty(_lastEnd));
    }

    private static bool IsExtern(Header header)
    {
        foreach (var annotation in header.Annotations) if (annotation.Name.Text == "extern") return true;
        return false;
    }

    private Declaration ParseConst(Header header, int start)
    {
        Advance();
        if (!AtLower)
        {
            Expected("expected const name");
            return Abandon(header, start);
        }
        var name = TakeName();
        if (!Expect(TokenKind.Colon, "expected : and the type of the const")) return Abandon(header, start);
        var type = ParseType();
        if (!Expect(TokenKind.Equal, "expected = and the value of the const")) return Abandon(header, start);
        return new Declaration.Const(header, name, type, ParseExpression(), SpanFrom(start));
    }

    private Declaration ParseAlias(Header header, int start)
    {
        NoAnnotations(header, "alias declarations");
        Advance();
        if (!ParseDeclaredType(out var name, out var parameters)) return Abandon(header, start);
        if (!Expect(TokenKind.Equal, "expected = and the type that the alias stands for")) return Abandon(header, start);
        var target = ParseType();
        if (Kind == TokenKind.Bar) Expected("unexpected token after alias: alternatives are declared with `enum`, one per line");
        return new Declaration.Alias(header, name, parameters, target, SpanFrom(start));
    }

    private Declaration ParseOpaque(Header header, int start)
    {
        NoAnnotations(header, "alias declarations or opaque types");
        Advance();
        if (!ParseDeclaredType(out var name, out var parameters)) return Abandon(header, start);
        if (!Expect(TokenKind.Equal, "expected = and the type behind the opaque one")) return Abandon(header, start);
        return new Declaration.Opaque(header, name, parameters, ParseType(), SpanFrom(start));
    }

    private bool ParseDeclaredType(out Name name, out ImmutableArray<TypeParameter> parameters)
    {
        (name, parameters) = (default, []);
        if (Kind != TokenKind.Upper)
        {
            Expected("expected type name");
            return false;
        }
        name = TakeName();
        parameters = ParseTypeParameters();
        return true;
    }

    /// <summary>Bracketed with optional kinds, or bare on the same line; never the word <c>deriving</c>.</summary>
    private ImmutableArray<TypeParameter> ParseTypeParameters()
    {
        var mark = _typeParameters.Mark;
        if (Kind == TokenKind.OpenParen && !OnNewLine)
        {
            Advance();
            while (AtLower || Kind == TokenKind.Upper)
            {
                var name = TakeName();
                _typeParameters.Add(new TypeParameter(name, Accept(TokenKind.Colon) ? ParseKind() : null));
                if (!Accept(TokenKind.Comma)) break;
            }
            CloseBracketed(TokenKind.CloseParen, "expected type parameter or )");
        }
        else
        {
            while ((AtLower || Kind == TokenKind.Upper) && !OnNewLine && Kind != TokenKind.Deriving)
                _typeParameters.Add(new TypeParameter(TakeName(), null));
        }
        return _typeParameters.Take(mark);
    }

    private string? ParseKind()
    {
        string? kind = null;
        if (Kind == TokenKind.OpenParen && Enter())
        {
            Advance();
            kind = ParseKind();
            Expect(TokenKind.CloseParen, "expected ) after kind");
            Leave();
        }
        else if (Accept(TokenKind.Star)) kind = "*";
        else if (Kind == TokenKind.Upper && Text is "Eff")
        {
            kind = "Eff";
            Advance();
        }
        else Expected("expected kind: * or Eff");
        if (Kind != TokenKind.Arrow) return kind;
        Expected("higher-kinded kind arrows are not supported");
        while (Kind is TokenKind.Arrow or TokenKind.Star or TokenKind.Upper) Advance();
        return kind;
    }

    private Declaration ParseTest(Header header, int start)
    {
        NoAnnotations(header, "test declarations");
        NotPublic(header, "test declarations");
        if (header.Doc is { } doc) _messages.Error(doc.Span, "doc comments cannot be attached to test declarations");
        Advance();
        var isProperty = Accept(TokenKind.Property);
        var iterations = Kind == TokenKind.OpenParen ? ParseIterations() : null;
        if (Kind != TokenKind.String)
        {
            Expected("expected test name: a string literal without interpolation");
            return Abandon(header, start);
        }
        var titleSpan = Current.Span;
        var title = StringValue(titleSpan);
        Advance();
        var tags = Kind == TokenKind.Tags ? ParseTags() : [];
        var body = ParseBlock("expected test body block");
        return new Declaration.Test(header, isProperty, iterations, title, titleSpan, tags, body, SpanFrom(start));
    }

    private long? ParseIterations()
    {
        Advance();
        long? count = null;
        if (Expect(TokenKind.Iterations, "expected iterations") && Expect(TokenKind.Colon, "expected : after iterations"))
        {
            var isNegative = Accept(TokenKind.Minus);
            if (Kind == TokenKind.Integer)
            {
                var span = Current.Span;
                var value = ((LiteralValue.Integer)TakeLiteral()).Value;
                if (isNegative || value == 0) _messages.Rule(span, "iterations must be >= 1");
                else count = value > long.MaxValue ? long.MaxValue : (long)value;
            }
            else Expected("expected a number of iterations");
        }
        CloseBracketed(TokenKind.CloseParen, "expected ) after iterations");
        return count;
    }

    private ImmutableArray<Name> ParseTags()
    {
        Advance();
        if (!Expect(TokenKind.OpenBracket, "expected [ after tags")) return [];
        var mark = _nameList.Mark;
        while (Kind == TokenKind.Colon)
        {
            Advance();
            if (AtLower) _nameList.Add(TakeName());
            else Expected("expected tag name after :");
            if (!Accept(TokenKind.Comma)) break;
        }
        var tags = _nameList.Take(mark);
        CloseBracketed(TokenKind.CloseBracket, "expected tag such as :slow, or ]");
        return tags;
    }
}
