using System.Collections.Immutable;
using System.Globalization;

namespace Kea.Syntax;

public sealed partial class SyntaxPrinter
{
    private void PrintType(TypeSyntax type)
    {
        switch (type)
        {
            case TypeSyntax.Named(var path, var arguments, var juxtaposed, _):
                Write(path.ToString());
                PrintTypeArguments(arguments, juxtaposed);
                break;
            case TypeSyntax.Variable(var name, var arguments, _):
                Write(name);
                PrintTypeArguments(arguments, juxtaposed: true);
                break;
            case TypeSyntax.Projection projection: PrintProjection(projection); break;
            case TypeSyntax.Tuple(var elements, _):
                Write("(");
                PrintList(elements, PrintType);
                Write(")");
                break;
            case TypeSyntax.Unit: Write("()"); break;
            case TypeSyntax.Function(var parameters, var effects, var result, _):
                Write("fn(");
                PrintList(parameters, PrintType);
                Write(") ");
                PrintArrow(effects);
                Write(" ");
                PrintType(result);
                break;
            case TypeSyntax.Record record: PrintRow(record); break;
            case TypeSyntax.EffectList(var row, _):
                Write("[");
                PrintEffectItems(row);
                Write("]");
                break;
            case TypeSyntax.Optional(var inner, _):
                PrintTight(inner);
                Write("?");
                break;
            case TypeSyntax.Forall(var variables, var body, _):
                Write("forall ");
                PrintNames(variables);
                Write(". ");
                PrintType(body);
                break;
            case TypeSyntax.Any any: PrintAny(any); break;
            case TypeSyntax.Impl(var @trait, _): Write("impl " + @trait); break;
            case TypeSyntax.Hole: Write("_"); break;
            case TypeSyntax.Integer(var value, _): Write(value.ToString(CultureInfo.InvariantCulture)); break;
            case TypeSyntax.Error: Write("<error>"); break;
        }
    }

    private void PrintTypeArguments(ImmutableArray<TypeSyntax> arguments, bool juxtaposed)
    {
        if (arguments.IsEmpty) return;
        if (juxtaposed)
        {
            PrintAtoms(arguments);
            return;
        }
        Write("(");
        PrintList(arguments, PrintType);
        Write(")");
    }

    /// <summary>Arguments side by side, each after a blank.</summary>
    private void PrintAtoms(ImmutableArray<TypeSyntax> arguments)
    {
        foreach (var argument in arguments)
        {
            Write(" ");
            PrintAtom(argument);
        }
    }

    private void PrintAtom(TypeSyntax type)
    {
        var needsBrackets = type switch
        {
            TypeSyntax.Named named => named.Juxtaposed && !named.Arguments.IsEmpty,
            TypeSyntax.Variable variable => !variable.Arguments.IsEmpty,
            TypeSyntax.Projection projection => !projection.Arguments.IsEmpty,
            TypeSyntax.Function or TypeSyntax.Forall or TypeSyntax.Any or TypeSyntax.Impl => true,
            TypeSyntax.Tuple or TypeSyntax.Unit or TypeSyntax.Record or TypeSyntax.EffectList => false,
            TypeSyntax.Optional or TypeSyntax.Hole or TypeSyntax.Integer or TypeSyntax.Error => false,
        };
        if (needsBrackets) Write("(");
        PrintType(type);
        if (needsBrackets) Write(")");
    }

    /// <summary>What a dot or question mark follows: arguments can only be bracketed there.</summary>
    private void PrintTight(TypeSyntax type)
    {
        if (type is not TypeSyntax.Variable { Arguments.IsEmpty: false } variable)
        {
            PrintType(type);
            return;
        }
        Write(variable.Name);
        PrintTypeArguments(variable.Arguments, juxtaposed: false);
    }

    private void PrintProjection(TypeSyntax.Projection projection)
    {
        PrintTight(projection.Base);
        if (projection.Trait is { } @trait) Write("." + @trait);
        Write("." + projection.Member);
        PrintAtoms(projection.Arguments);
    }

    private void PrintRow(TypeSyntax.Record record)
    {
        if (record is { Fields.IsEmpty: true, Tail: null })
        {
            Write("{}");
            return;
        }
        Write("{ ");
        PrintList(record.Fields, field =>
        {
            Write(field.Name + ": ");
            PrintType(field.Type);
        });
        if (record.Tail is { } tail) Write((record.Fields.IsEmpty ? "| " : " | ") + tail);
        Write(" }");
    }

    private void PrintAny(TypeSyntax.Any any)
    {
        Write("any ");
        if (any.Traits.Length != 1) Write("(");
        PrintNames(any.Traits);
        if (any.Traits.Length != 1) Write(")");
        if (any.Where.IsEmpty) return;
        Write(" where ");
        PrintList(any.Where, e =>
        {
            Write(e.Member + " = ");
            PrintType(e.Type);
        });
    }

    private void PrintArrow(EffectRowSyntax row)
    {
        if (!row.Written)
        {
            Write("->");
            return;
        }
        Write(row.IsAlias ? "-" : "-[");
        PrintEffectItems(row);
        Write(row.IsAlias ? ">" : "]>");
    }

    private void PrintEffectItems(EffectRowSyntax row)
    {
        PrintList(row.Items, item =>
        {
            Write(item.Path.ToString());
            PrintAtoms(item.Arguments);
        });
        if (row.Tail is { } tail) Write((row.Items.IsEmpty ? "| " : " | ") + tail);
    }
}
