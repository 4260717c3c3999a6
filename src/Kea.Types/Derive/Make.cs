using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Binding;

namespace Kea.Types.Derive;

/// <summary>Builds syntax for derived bodies. Everything stands at the trait's name in the annotation, so that messages do too.</summary>
internal readonly struct Make(TextSpan span)
{
    private Name Name(string text) => new(text, span);

    public Expression Variable(string name) => new Expression.Variable(Name(name), span);
    public Expression Integer(int value) => new Expression.Literal(new LiteralValue.Integer((ulong)value), span);
    public Expression Bool(bool value) => new Expression.Literal(new LiteralValue.Bool(value), span);
    public Expression Text(string value) => new Expression.Literal(new LiteralValue.String(value), span);
    public Expression Field(Expression target, string name) => new Expression.Field(target, Name(name), span);

    public Expression Binary(BinaryOperator op, Expression left, Expression right) => new Expression.Binary(op, left, right, span, span);
    public Expression If(Expression condition, Expression then, Expression otherwise) => new Expression.If(condition, then, otherwise, span);
    public Expression Let(string name, Expression value) => new Expression.Let(Bind(name), null, value, span);
    public Expression Block(params ImmutableArray<Expression> statements) => new Expression.Block(statements, span);

    /// <summary>A function or trait method of a standard module, out of reach of what the program calls by that name.</summary>
    public Expression Standard(string module, string function, params ReadOnlySpan<Expression> arguments) => Call(Field(StandardModule(module), function), arguments);
    public Expression StandardConstructor(string module, string constructor) => Field(StandardModule(module), constructor);
    public Expression Method(Expression receiver, string name, Expression argument) => Call(Field(receiver, name), argument);

    private Expression StandardModule(string module) => new Expression.Upper(Name(ModuleTable.ReservedPrefix + module), span);

    private Expression Call(Expression callee, params ReadOnlySpan<Expression> arguments)
    {
        var list = ImmutableArray.CreateBuilder<Argument>(arguments.Length);
        foreach (var argument in arguments) list.Add(new Argument(null, argument));
        return new Expression.Call(callee, list.MoveToImmutable(), span);
    }

    public Expression Case(Expression scrutinee, IEnumerable<CaseArm> arms) => new Expression.Case(scrutinee, [.. arms], span);
    public CaseArm Arm(Pattern pattern, Expression body) => new(pattern, null, body, span);

    public Pattern Wildcard() => new Pattern.Wildcard(span);
    public Pattern Bind(string name) => new Pattern.Variable(Name(name), span);

    /// <summary>A variant with its fields by position, bound as <c>prefix0</c>, <c>prefix1</c>, … or, with a null prefix, ignored.</summary>
    public Pattern Variant(VariantSymbol variant, string? prefix)
    {
        var fields = ImmutableArray.CreateBuilder<ArgumentPattern>(variant.Fields.Length);
        for (var i = 0; i < variant.Fields.Length; i++) fields.Add(new ArgumentPattern(null, prefix is null ? Wildcard() : Bind(prefix + i)));
        return new Pattern.Constructor(new PathName([Name(variant.Name)], span), fields.MoveToImmutable(), false, variant.Fields.Length > 0, span);
    }

    /// <summary>A constructor without fields.</summary>
    public Pattern Constructor(string name) => new Pattern.Constructor(new PathName([Name(name)], span), [], false, false, span);

    public Expression Interpolation(IEnumerable<InterpolationPart> parts) => new Expression.Interpolation([.. parts], span);

    /// <summary>The position of the value's variant, by a match that becomes a load of the tag.</summary>
    public Expression IndexOf(Expression value, TypeSymbol type)
    {
        var make = this;
        return Case(value, type.Variants.Select(v => make.Arm(make.Variant(v, null), make.Integer(v.Index))));
    }
}
