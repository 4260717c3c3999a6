using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Types.Tests.Exhaustiveness;

/// <summary>Small types and patterns on them, built by hand so that the tests need neither parser nor checker.</summary>
internal sealed class PatternWorld
{
    private static readonly TextSpan Nowhere = TextSpan.Empty(0);

    public PatternWorld()
    {
        Shape = Enum("Shape", [("Dot", []), ("Disc", [Int]), ("Box", [Int, Bool])]);
        var tree = new TypeSymbol("List", null, TypeKind.Enum) { Builtin = BuiltinType.List, Parameters = [new TypeVariable("a", VariableKind.Type)] };
        ListOfBool = new Type.Named(tree, [Bool]);
        tree.Variants = [new VariantSymbol("Nil", tree, 0), new VariantSymbol("Cons", tree, 1)];
        var element = new Type.Variable(tree.Parameters[0]);
        tree.Variants[1].Fields = [(null, element), (null, new Type.Named(tree, [element]))];
        TermParameter = new TypeVariable("T", VariableKind.Type);
        Term = new TypeSymbol("Term", null, TypeKind.Enum) { Parameters = [TermParameter] };
        Term.Variants = [new VariantSymbol("Num", Term, 0), new VariantSymbol("Flag", Term, 1), new VariantSymbol("Pair", Term, 2)];
        Term.Variants[0].Fields = [(null, Int)];
        Term.Variants[0].Equations = [(TermParameter, Int)];
        Term.Variants[1].Fields = [(null, Bool)];
        Term.Variants[1].Equations = [(TermParameter, Bool)];
        Term.Variants[2].Fields = [(null, TermOf(new Type.Variable(TermParameter))), (null, TermOf(new Type.Variable(TermParameter)))];
        Point = new TypeSymbol("Point", null, TypeKind.Struct);
        Point.Fields = [new FieldSymbol("x", Bool, 0, true, Nowhere), new FieldSymbol("y", Bool, 1, true, Nowhere)];
    }

    public Type Int { get; } = new Type.Named(new TypeSymbol("Int", null, TypeKind.Primitive) { Builtin = BuiltinType.Int }, []);
    public Type Bool { get; } = new Type.Named(new TypeSymbol("Bool", null, TypeKind.Primitive) { Builtin = BuiltinType.Bool }, []);
    public Type Shape { get; }
    public Type ListOfBool { get; }
    public TypeSymbol Term { get; }
    public TypeSymbol Point { get; }
    private TypeVariable TermParameter { get; }

    public Type TermOf(Type argument) => new Type.Named(Term, [argument]);
    public static Type Tuple(params ImmutableArray<Type> elements) => new Type.Tuple(elements);

    public static TypedPattern Any(Type type) => new TypedPattern.Wildcard(type, Nowhere);
    public TypedPattern Number(int value, int at = 0) => new TypedPattern.Integer(value, Int, TextSpan.Empty(at));
    public TypedPattern True(int at = 0) => new TypedPattern.Bool(true, Bool, TextSpan.Empty(at));
    public TypedPattern False(int at = 0) => new TypedPattern.Bool(false, Bool, TextSpan.Empty(at));

    public static TypedPattern Of(Type type, string variant, params ImmutableArray<TypedPattern> fields)
    {
        var symbol = ((Type.Named)type).Symbol.Variants.Single(v => v.Name == variant);
        return new TypedPattern.Constructor(symbol, fields, type, Nowhere);
    }

    public static TypedPattern Pair(TypedPattern left, TypedPattern right) => new TypedPattern.Tuple([left, right], Tuple(left.Type, right.Type), Nowhere);
    public static TypedPattern Or(params ImmutableArray<TypedPattern> alternatives) => new TypedPattern.Or(alternatives, alternatives[0].Type, Nowhere);

    private static Type Enum(string name, ImmutableArray<(string Name, ImmutableArray<Type> Fields)> variants)
    {
        var symbol = new TypeSymbol(name, null, TypeKind.Enum);
        symbol.Variants = [.. variants.Select((v, i) => new VariantSymbol(v.Name, symbol, i) { Fields = [.. v.Fields.Select(f => ((string?)null, f))] })];
        return new Type.Named(symbol, []);
    }
}
