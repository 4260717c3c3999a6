using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>What functions declare: parameters, arrow, result, <c>where</c> (5.2).</summary>
internal sealed partial class Parser
{
    private readonly Scratch<Parameter> _parameters = new();
    private readonly Scratch<WhereItem> _whereItems = new();

    /// <param name="isInterface">A <c>pub fn</c>, trait method or operation, whose missing result type has its own code.</param>
    private Signature ParseSignature(bool isInterface, bool allowWhere = true)
    {
        var start = Start;
        var parameters = ParseParameters();
        var effects = new EffectRowSyntax(false, [], null, false, TextSpan.Empty(_lastEnd));
        TypeSyntax result = new TypeSyntax.Error(TextSpan.Empty(_lastEnd));
        var hasArrow = AtArrow;
        if (hasArrow) (effects, result) = ParseArrowAndResult();
        else if (_lastReported != _position)
        {
            _messages.MissingResultType(SpanFrom(start), isInterface);
            if (Kind is not (TokenKind.NewLine or TokenKind.Where)) _lastReported = _position;
        }
        if (Kind == TokenKind.Where && !allowWhere)
            _messages.Error(Current.Span, "effect operations do not support where clauses");
        var where = Kind == TokenKind.Where ? ParseWhere() : [];
        return new Signature(parameters, effects, result, where, hasArrow, SpanFrom(start));
    }

    private ImmutableArray<Parameter> ParseParameters()
    {
        if (!Expect(TokenKind.OpenParen, "expected ( and parameters")) return [];
        var mark = _parameters.Mark;
        while (Kind != TokenKind.CloseParen && !AtEnd)
        {
            _parameters.Add(ParseParameter());
            if (!Accept(TokenKind.Comma)) break;
        }
        var parameters = _parameters.Take(mark);
        CloseBracketed(TokenKind.CloseParen, "expected , or ) after parameter");
        CheckParameters(parameters);
        return parameters;
    }

    private Parameter ParseParameter()
    {
        var start = Start;
        var annotations = ParseAnnotations();
        var isBorrow = Accept(TokenKind.Borrow);
        var mode = ParameterMode.Plain;
        Name? label = null;
        if (Kind == TokenKind.Underscore && PeekKind(1) is not (TokenKind.Colon or TokenKind.Comma or TokenKind.CloseParen or TokenKind.Equal))
        {
            mode = ParameterMode.Positional;
            Advance();
        }
        else if (AtLower && TokenFacts.IsLower(PeekKind(1)) && PeekKind(2) == TokenKind.Colon)
        {
            mode = ParameterMode.Labelled;
            label = TakeName();
        }
        var pattern = ParsePattern();
        var type = Accept(TokenKind.Colon) ? ParseType() : null;
        var @default = Accept(TokenKind.Equal) ? ParseExpression() : null;
        return new Parameter(annotations, isBorrow, mode, label, pattern, type, @default, SpanFrom(start));
    }

    /// <summary>The order of positional, labelled and defaulted parameters (2.4.1).</summary>
    private void CheckParameters(ImmutableArray<Parameter> parameters)
    {
        var seenLabelled = false;
        var seenDefault = false;
        foreach (var parameter in parameters)
        {
            if (parameter.Mode == ParameterMode.Positional)
            {
                if (seenLabelled) _messages.Rule(parameter.Span, "positional parameters (`_`) must come before labeled parameters");
                if (parameter.Default is not null) _messages.Rule(parameter.Span, "positional parameters (`_`) cannot have default values");
                continue;
            }
            seenLabelled = true;
            if (parameter.Default is not null) seenDefault = true;
            else if (seenDefault)
                _messages.Rule(parameter.Span, "once a parameter has a default, all subsequent parameters must have defaults");
        }
    }

    private ImmutableArray<WhereItem> ParseWhere()
    {
        Advance();
        var mark = _whereItems.Mark;
        do
        {
            if (ParseWhereItem() is not { } item) break;
            _whereItems.Add(item);
        }
        while (Accept(TokenKind.Comma));
        return _whereItems.Take(mark);
    }

    private WhereItem? ParseWhereItem()
    {
        var start = Start;
        if (!AtLower && Kind != TokenKind.Upper)
        {
            Expected("expected type variable in where clause");
            return null;
        }
        var name = TakeName();
        switch (Kind)
        {
            case TokenKind.Colon:
                Advance();
                return ParseBound(name, start);
            case TokenKind.Equal:
                Advance();
                return new WhereItem.Equation(null, null, name, ParseType(), SpanFrom(start));
            case TokenKind.Dot:
                return ParseProjectionEquation(name, start);
            case TokenKind.Lacks:
                Advance();
                if (AtLower) return new WhereItem.Lacks(name, TakeName(), SpanFrom(start));
                Expected("expected field name after lacks");
                return null;
            default:
                Expected("expected : and a trait after the type variable");
                return null;
        }
    }

    private WhereItem? ParseBound(Name variable, int start)
    {
        if (Kind == TokenKind.OpenBrace) return new WhereItem.RowBound(variable, ParseRowType(), SpanFrom(start));
        if (Kind != TokenKind.Upper)
        {
            Expected("expected trait name");
            return null;
        }
        var path = ParseTypePath();
        var arguments = Kind == TokenKind.OpenParen && IsTight ? ParseTightArguments() : ParseTypeAtoms();
        return new WhereItem.Bound(variable, path, arguments, SpanFrom(start));
    }

    private ImmutableArray<TypeSyntax> ParseTypeAtoms()
    {
        var mark = _types.Mark;
        while (AtTypeArgument) _types.Add(ParseTypeAtom());
        return _types.Take(mark);
    }

    /// <summary><c>c.Item = Int</c>, <c>c.Foldable.Item = Int</c>.</summary>
    private WhereItem? ParseProjectionEquation(Name variable, int start)
    {
        Advance();
        if (Kind != TokenKind.Upper)
        {
            Expected("expected associated type after .");
            return null;
        }
        Name? traitName = null;
        var member = TakeName();
        if (Kind == TokenKind.Dot && PeekKind(1) == TokenKind.Upper)
        {
            Advance();
            traitName = member;
            member = TakeName();
        }
        if (!Expect(TokenKind.Equal, "expected = after associated type")) return null;
        return new WhereItem.Equation(variable, traitName, member, ParseType(), SpanFrom(start));
    }

    /// <summary><c>fn(x: Int) -> Int body</c>: with a block the result is any type, with an expression one atom (3.7.1).</summary>
    private Expression ParseAnonymousFunction()
    {
        var start = Start;
        Advance();
        if (Kind != TokenKind.OpenParen)
        {
            Expected("expected expression: a `fn` with a name stands at file scope or in a struct", "bind a lambda with `let`");
            return new Expression.Error(SpanFrom(start));
        }
        var parameters = ParseParameters();
        if (!AtArrow)
        {
            if (_lastReported != _position) _messages.MissingResultType(SpanFrom(start), isInterface: false);
            ParseBody();
            return new Expression.Error(SpanFrom(start));
        }
        var effects = ParseArrow();
        var hasBlock = IsTypeBeforeBlock();
        var result = hasBlock ? ParseType() : ParseTypeAtom();
        var body = hasBlock ? ParseBlock("") : ParseExpression();
        return new Expression.AnonymousFunction(parameters, effects, result, body, SpanFrom(start));
    }

    /// <summary>Reads a type to see whether a block follows it, and goes back.</summary>
    private bool IsTypeBeforeBlock()
    {
        var before = (_position, _lastEnd, _lastReported);
        var wasSilent = _messages.IsSilent;
        _messages.IsSilent = true;
        ParseType();
        var result = AtBlock;
        (_position, _lastEnd, _lastReported) = before;
        _messages.IsSilent = wasSilent;
        return result;
    }
}
