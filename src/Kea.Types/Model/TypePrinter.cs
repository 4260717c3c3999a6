using System.Collections.Immutable;
using System.Text;

namespace Kea.Types;

/// <summary>Prints types in source syntax, rows sorted. Unsolved unknowns are called a, b, …, the same one the same name for one printer.</summary>
/// <remarks>Use one printer for all types of a message. What it prints can be read back by the parser.</remarks>
public sealed class TypePrinter
{
    private readonly Dictionary<MetaVariable, string> _names = [];
    private readonly HashSet<string> _taken = [];

    public static string Text(Type type) => new TypePrinter().Print(type);
    public static string Text(Row effects) => new TypePrinter().Arrow(effects);

    public string Print(Type type)
    {
        Reserve(type);
        var text = new StringBuilder();
        Append(text, type, Place.Top);
        return text.ToString();
    }

    /// <summary><c>-></c> or <c>-[IO, e]></c>.</summary>
    public string Arrow(Row effects)
    {
        var text = new StringBuilder();
        AppendArrow(text, effects);
        return text.ToString();
    }

    /// <summary>Where a type stands decides whether it needs brackets.</summary>
    private enum Place
    {
        Top,
        /// <summary>An argument by juxtaposition: atomic types only.</summary>
        Argument,
        /// <summary>Before a dot.</summary>
        Base,
    }

    private void Append(StringBuilder text, Type type, Place place)
    {
        switch (type.Resolved)
        {
            case Type.Named named: AppendNamed(text, named, place); break;
            case Type.Variable(var variable): text.Append(variable.Name); break;
            case Type.Meta(var cell): text.Append(NameOf(cell)); break;
            case Type.Function function: AppendFunction(text, function, place); break;
            case Type.Tuple(var elements): AppendList(text, "(", elements, ")"); break;
            case Type.Record(var row): AppendRecord(text, row); break;
            case Type.RowArgument(var row): AppendRowArgument(text, row); break;
            case Type.Forall forall: AppendForall(text, forall, place); break;
            case Type.Projection projection:
                if (place == Place.Argument) text.Append('(');
                Append(text, projection.Base, Place.Base);
                text.Append('.').Append(projection.Member);
                if (place == Place.Argument) text.Append(')');
                break;
            case Type.Error: text.Append('_'); break;
        }
    }

    private void AppendNamed(StringBuilder text, Type.Named named, Place place)
    {
        if (named.Arguments.IsEmpty)
        {
            text.Append(named.Symbol.Name);
            return;
        }
        if (named.Arguments.Length > 1)
        {
            AppendList(text.Append(named.Symbol.Name), "(", named.Arguments, ")");
            return;
        }
        if (place != Place.Top) text.Append('(');
        text.Append(named.Symbol.Name).Append(' ');
        Append(text, named.Arguments[0], Place.Argument);
        if (place != Place.Top) text.Append(')');
    }

    private void AppendFunction(StringBuilder text, Type.Function function, Place place)
    {
        if (place != Place.Top) text.Append('(');
        AppendList(text.Append("fn"), "(", function.Parameters, ") ");
        AppendArrow(text, function.Effects);
        text.Append(' ');
        Append(text, function.Result, Place.Top);
        if (place != Place.Top) text.Append(')');
    }

    private void AppendForall(StringBuilder text, Type.Forall forall, Place place)
    {
        if (place != Place.Top) text.Append('(');
        text.Append("forall ").AppendJoin(", ", forall.Variables.Select(v => v.Name)).Append(". ");
        Append(text, forall.Body, Place.Top);
        if (place != Place.Top) text.Append(')');
    }

    private void AppendList(StringBuilder text, string open, ImmutableArray<Type> types, string close)
    {
        text.Append(open);
        for (var i = 0; i < types.Length; i++)
        {
            if (i > 0) text.Append(", ");
            Append(text, types[i], Place.Top);
        }
        text.Append(close);
    }

    private void AppendRecord(StringBuilder text, Row row)
    {
        row = Flat(row);
        if (row.IsEmpty)
        {
            text.Append("{}");
            return;
        }
        text.Append("{ ");
        for (var i = 0; i < row.Entries.Length; i++)
        {
            if (i > 0) text.Append(", ");
            text.Append(row.Entries[i].Label).Append(": ");
            Append(text, row.Entries[i].Payload, Place.Top);
        }
        if (row.Tail is not null)
        {
            text.Append(row.Entries.IsEmpty ? "| " : " | ");
            Append(text, row.Tail, Place.Top);
        }
        text.Append(" }");
    }

    private void AppendRowArgument(StringBuilder text, Row row)
    {
        row = Flat(row);
        if (row.Entries.IsEmpty && row.Tail is { } tail) Append(text, tail, Place.Top);
        else if (row.Entries.Any(e => e.Effect is null)) AppendRecord(text, row);
        else AppendEffects(text, row);
    }

    private void AppendArrow(StringBuilder text, Row effects)
    {
        effects = Flat(effects);
        text.Append('-');
        if (!effects.IsEmpty) AppendEffects(text, effects);
        text.Append('>');
    }

    private void AppendEffects(StringBuilder text, Row row)
    {
        text.Append('[');
        for (var i = 0; i < row.Entries.Length; i++)
        {
            if (i > 0) text.Append(", ");
            AppendEffect(text, row.Entries[i]);
        }
        if (row.Tail is not null)
        {
            if (!row.Entries.IsEmpty) text.Append(", ");
            Append(text, row.Tail, Place.Top);
        }
        text.Append(']');
    }

    private void AppendEffect(StringBuilder text, RowEntry entry)
    {
        text.Append(entry.Label);
        var count = entry.Effect?.Parameters.Length ?? 0;
        if (count == 0) return;
        var payload = entry.Payload.Resolved;
        if (count > 1 && payload is Type.Tuple(var parts) && parts.Length == count)
        {
            foreach (var part in parts)
            {
                text.Append(' ');
                Append(text, part, Place.Argument);
            }
            return;
        }
        text.Append(' ');
        Append(text, payload, Place.Argument);
    }

    private string NameOf(MetaVariable cell)
    {
        if (_names.TryGetValue(cell, out var name)) return name;
        for (var i = 0; ; i++)
        {
            name = i < 26 ? ((char)('a' + i)).ToString() : $"{(char)('a' + i % 26)}{i / 26}";
            if (!_taken.Add(name)) continue;
            _names.Add(cell, name);
            return name;
        }
    }

    /// <summary>Keeps the names of quantified variables away from unknowns.</summary>
    private void Reserve(Type type) => TypeWalk.Visit(type, t =>
    {
        if (t is Type.Variable(var variable)) _taken.Add(variable.Name);
    });

    private static Row Flat(Row row)
    {
        if (row.Tail?.Resolved is not { } tail) return row;
        if (tail is not Type.RowArgument(var inner)) return row with { Tail = tail };
        inner = Flat(inner);
        return new Row(row.Entries.AddRange(inner.Entries).Sort((a, b) => string.CompareOrdinal(a.Label, b.Label)), inner.Tail);
    }
}
