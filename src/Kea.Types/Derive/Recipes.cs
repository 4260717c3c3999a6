using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Derive;

/// <summary>The bodies of derived methods (2.8.1, 8.8), over the trait's own parameter names.</summary>
/// <remarks>Sizes are linear in the number of variants and fields. Locals begin with an underscore, so that none counts as unused.</remarks>
internal static class Recipes
{
    private const string LeftField = "_l";
    private const string RightField = "_r";

    /// <summary>Same constructor and all fields equal.</summary>
    public static Expression Eq(TypeSymbol type, string left, string right, TextSpan span)
    {
        var make = new Make(span);
        var (x, y) = (make.Variable(left), make.Variable(right));
        if (type.Kind != TypeKind.Enum)
            return All(make, type.Fields.Select(f => make.Binary(BinaryOperator.Equal, make.Field(x, f.Name), make.Field(y, f.Name))));
        if (type.Variants.All(v => v.Fields.IsEmpty))
            return type.Variants.Length == 1 ? make.Bool(true) : make.Binary(BinaryOperator.Equal, make.IndexOf(x, type), make.IndexOf(y, type));
        return make.Case(x, type.Variants.Select(v => make.Arm(make.Variant(v, LeftField), SameVariant(make, type, v, y, Equal(make, v), make.Bool(false)))));
    }

    private static Expression Equal(Make make, VariantSymbol variant) =>
        All(make, Enumerable.Range(0, variant.Fields.Length).Select(i => make.Binary(BinaryOperator.Equal, make.Variable(LeftField + i), make.Variable(RightField + i))));

    private static Expression All(Make make, IEnumerable<Expression> conditions)
    {
        Expression? all = null;
        foreach (var condition in conditions) all = all is null ? condition : make.Binary(BinaryOperator.And, all, condition);
        return all ?? make.Bool(true);
    }

    /// <summary>Looks whether the other value is of the variant too.</summary>
    private static Expression SameVariant(Make make, TypeSymbol type, VariantSymbol variant, Expression other, Expression same, Expression different)
    {
        var first = make.Arm(make.Variant(variant, RightField), same);
        return make.Case(other, type.Variants.Length == 1 ? [first] : [first, make.Arm(make.Wildcard(), different)]);
    }

    /// <summary><c>Name(f1: v1, f2: v2)</c> for a struct; <c>Name</c> or <c>Name(v1, v2)</c> for a variant.</summary>
    public static Expression Show(TypeSymbol type, string value, TextSpan span)
    {
        var make = new Make(span);
        var x = make.Variable(value);
        if (type.Kind != TypeKind.Enum)
        {
            var name = type.Name[(type.Name.LastIndexOf('.') + 1)..];
            if (type.Fields.IsEmpty) return make.Text(name + "()");
            return make.Interpolation(Parts(name, type.Fields.Select(f => ($"{f.Name}: ", make.Field(x, f.Name)))));
        }
        return make.Case(x, type.Variants.Select(v => make.Arm(make.Variant(v, LeftField), v.Fields.IsEmpty
            ? make.Text(v.Name)
            : make.Interpolation(Parts(v.Name, v.Fields.Select((_, i) => ("", make.Variable(LeftField + i))))))));
    }

    private static IEnumerable<InterpolationPart> Parts(string name, IEnumerable<(string Before, Expression Value)> values)
    {
        var before = name + "(";
        foreach (var (label, value) in values)
        {
            yield return new InterpolationPart.Text(before + label);
            yield return new InterpolationPart.Hole(value);
            before = ", ";
        }
        yield return new InterpolationPart.Text(")");
    }

    /// <summary>Constructors in declaration order, then fields left to right.</summary>
    public static Expression Ord(TypeSymbol type, string left, string right, TextSpan span)
    {
        var make = new Make(span);
        var (x, y) = (make.Variable(left), make.Variable(right));
        if (type.Kind != TypeKind.Enum)
            return Lexicographic(make, [.. type.Fields.Select(f => (make.Field(x, f.Name), make.Field(y, f.Name)))]);
        if (type.Variants.All(v => v.Fields.IsEmpty))
            return type.Variants.Length == 1 ? Equal(make) : make.Standard("Order", "compare_int", make.IndexOf(x, type), make.IndexOf(y, type));
        const string otherIndex = "_index";
        return make.Block(
            make.Let(otherIndex, make.IndexOf(y, type)),
            make.Case(x, type.Variants.Select(v => make.Arm(make.Variant(v, LeftField), InVariant(v)))));

        Expression InVariant(VariantSymbol variant)
        {
            var byIndex = make.Standard("Order", "compare_int", make.Integer(variant.Index), make.Variable(otherIndex));
            if (variant.Fields.IsEmpty) return byIndex;
            var fields = variant.Fields.Select((_, i) => (make.Variable(LeftField + i), make.Variable(RightField + i)));
            return SameVariant(make, type, variant, y, Lexicographic(make, [.. fields]), byIndex);
        }
    }

    private static Expression Equal(Make make) => make.StandardConstructor("Order", "Equal");

    /// <summary>The first pair that differs decides.</summary>
    private static Expression Lexicographic(Make make, (Expression Left, Expression Right)[] pairs)
    {
        if (pairs.Length == 0) return Equal(make);
        var result = Compare(pairs[^1]);
        for (var i = pairs.Length - 2; i >= 0; i--)
            result = make.Case(Compare(pairs[i]), [make.Arm(make.Constructor("Equal"), result), make.Arm(make.Bind("_order" + i), make.Variable("_order" + i))]);
        return result;

        Expression Compare((Expression Left, Expression Right) pair) => make.Standard("Ord", "compare", pair.Left, pair.Right);
    }

    /// <summary>Equality by way of an order, for a type that has only the latter (8.5).</summary>
    public static Expression EqByOrd(string left, string right, TextSpan span)
    {
        var make = new Make(span);
        return make.Case(make.Standard("Ord", "compare", make.Variable(left), make.Variable(right)),
            [make.Arm(make.Constructor("Equal"), make.Bool(true)), make.Arm(make.Wildcard(), make.Bool(false))]);
    }

    /// <summary>Starts with the constructor's index, 0 for a struct; each field: <c>h * 31 + hash</c>, wrapping.</summary>
    public static Expression Hash(TypeSymbol type, string value, TextSpan span)
    {
        var make = new Make(span);
        var x = make.Variable(value);
        if (type.Kind != TypeKind.Enum) return Mix(0, type.Fields.Select(f => make.Field(x, f.Name)));
        return make.Case(x, type.Variants.Select(v => make.Arm(make.Variant(v, LeftField), Mix(v.Index, v.Fields.Select((_, i) => make.Variable(LeftField + i))))));

        Expression Mix(int seed, IEnumerable<Expression> fields)
        {
            var hash = make.Integer(seed);
            foreach (var field in fields)
                hash = make.Method(make.Method(hash, "wrapping_mul", make.Integer(31)), "wrapping_add", make.Standard("Hash", "hash", field));
            return hash;
        }
    }
}
