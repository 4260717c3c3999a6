using System.Collections.Immutable;

namespace Kea.Types.Exhaustiveness;

/// <summary>Alternatives of or-patterns that can never match, in an arm that can.</summary>
internal static class Alternatives
{
    /// <summary>Asks for each alternative of each or-pattern whether the arm with that alternative alone matches anything new.</summary>
    public static void Unreachable(
        TypedPattern pattern, int arm, List<Line?> before, Columns columns, Func<VariantSymbol, Type, bool> canOccur, ImmutableArray<UnreachablePattern>.Builder unreachable) =>
        new Search(arm, columns, canOccur, unreachable).Visit(pattern, before, shape => shape);

    private sealed class Search(int arm, Columns columns, Func<VariantSymbol, Type, bool> canOccur, ImmutableArray<UnreachablePattern>.Builder unreachable)
    {
        /// <param name="around">Puts a shape for this pattern into the whole arm.</param>
        public void Visit(TypedPattern pattern, List<Line?> before, Func<Shape, Shape> around)
        {
            switch (pattern)
            {
                case TypedPattern.Or or: Each(or, before, around); break;
                case TypedPattern.As named: Visit(named.Inner, before, around); break;
                case TypedPattern.Rewrap rewrap: Visit(rewrap.Inner, before, s => around(new Shape.Constructor(Head.Wrapper, [s]))); break;
                case TypedPattern.Constructor constructor: Parts(Head.Variant(constructor.Variant), constructor.Fields, before, around); break;
                case TypedPattern.Tuple tuple: Parts(Head.Tuple(tuple.Elements.Length), tuple.Elements, before, around); break;
                case TypedPattern.Record record:
                    for (var i = 0; i < record.Fields.Length; i++)
                    {
                        var at = i;
                        var whole = (Shape.Fields)Shape.Of(record);
                        Visit(record.Fields[i].Pattern, before, s => around(new Shape.Fields(whole.Given.SetItem(at, (whole.Given[at].Label, s)))));
                    }
                    break;
                case TypedPattern.Wildcard or TypedPattern.Binding or TypedPattern.Integer or TypedPattern.Float or TypedPattern.Char
                    or TypedPattern.String or TypedPattern.Bool or TypedPattern.Const or TypedPattern.Error:
                    break;
            }
        }

        private void Each(TypedPattern.Or or, List<Line?> before, Func<Shape, Shape> around)
        {
            foreach (var alternative in or.Alternatives)
            {
                var line = new Line(around(Shape.Of(alternative)), null);
                if (!new Matrix(canOccur).IsUseful(before, line, columns)) unreachable.Add(new UnreachablePattern(arm, alternative.Span, UnreachableReason.Covered, IsAlternative: true));
                else Visit(alternative, before, around);
                before = [.. before, line];
            }
        }

        private void Parts(Head head, ImmutableArray<TypedPattern> parts, List<Line?> before, Func<Shape, Shape> around)
        {
            for (var i = 0; i < parts.Length; i++)
            {
                if (!HasOr(parts[i])) continue;
                var at = i;
                ImmutableArray<Shape> shapes = [.. parts.Select(Shape.Of)];
                Visit(parts[i], before, s => around(new Shape.Constructor(head, shapes.SetItem(at, s))));
            }
        }

        private static bool HasOr(TypedPattern pattern) => pattern switch
        {
            TypedPattern.Or => true,
            TypedPattern.As named => HasOr(named.Inner),
            TypedPattern.Rewrap rewrap => HasOr(rewrap.Inner),
            TypedPattern.Constructor constructor => constructor.Fields.Any(HasOr),
            TypedPattern.Tuple tuple => tuple.Elements.Any(HasOr),
            TypedPattern.Record record => record.Fields.Any(f => HasOr(f.Pattern)),
            TypedPattern.Wildcard => false,
            TypedPattern.Binding => false,
            TypedPattern.Integer => false,
            TypedPattern.Float => false,
            TypedPattern.Char => false,
            TypedPattern.String => false,
            TypedPattern.Bool => false,
            TypedPattern.Const => false,
            TypedPattern.Error => false,
        };
    }
}
