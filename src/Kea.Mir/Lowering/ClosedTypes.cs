using System.Collections.Immutable;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir;

/// <summary>Closes types under a substitution and interns them: one object per closed type of a program.</summary>
internal sealed class ClosedTypes
{
    private readonly Dictionary<Key, ClosedType> _all = [];
    private readonly Dictionary<TypeSymbol, ClosedType> _plain = [];
    private readonly Dictionary<BuiltinType, ClosedType> _primitives = [];
    private readonly CheckedProgram _program;
    private readonly TypeVersions? _versions;
    private readonly Dictionary<TypeSymbol, string> _symbolNames = [];
    private EffectSymbol? _fail;

    /// <param name="versions">Null for programs that do not change.</param>
    public ClosedTypes(CheckedProgram program, TypeVersions? versions = null)
    {
        (_program, _versions) = (program, versions);
        EmptyRow = Row([], [], null);
    }

    /// <summary>Stands before the version of a type in its name.</summary>
    public const char VersionMark = '\'';

    public ClosedType EmptyRow { get; }
    public ClosedType Unit => Primitive(BuiltinType.Unit);
    public ClosedType Int => Primitive(BuiltinType.Int);
    public ClosedType Bool => Primitive(BuiltinType.Bool);
    public ClosedType String => Primitive(BuiltinType.String);

    public ClosedType Primitive(BuiltinType builtin)
    {
        if (!_primitives.TryGetValue(builtin, out var found)) _primitives.Add(builtin, found = Nominal(_program.Primitive(builtin), []));
        return found;
    }

    public ClosedType Close(Type type, TypeSubstitution substitution) => type.Resolved switch
    {
        Type.Named(var symbol, { IsEmpty: true }) => Nominal(symbol, []),
        Type.Named(var symbol, var arguments) => Nominal(symbol, CloseAll(arguments, substitution)),
        // What nothing determines is Unit (6.7.8).
        Type.Variable(var variable) => substitution.Find(variable) ?? (variable.Kind == VariableKind.Type ? Unit : EmptyRow),
        Type.Meta(var cell) => cell.Kind == VariableKind.Type ? Unit : EmptyRow,
        Type.Function(var parameters, var effects, var result) =>
            Function(CloseAll(parameters, substitution), FailureOf(effects, substitution), Close(result, substitution)),
        Type.Tuple(var elements) => Tuple(CloseAll(elements, substitution)),
        Type.Record(var row) => CloseRecord(row, substitution),
        Type.RowArgument(var row) => CloseRow(row, substitution),
        Type.Forall(_, var body) => Close(body, substitution),
        Type.Projection(var of, var trait, var member) =>
            Close(_program.Normalize(new Type.Projection(Close(of, substitution).Source, trait, member)), TypeSubstitution.Empty),
        Type.Error => Unit,
    };

    public ImmutableArray<ClosedType> CloseAll(ImmutableArray<Type> types, TypeSubstitution substitution)
    {
        if (types.IsDefaultOrEmpty) return [];
        var closed = ImmutableArray.CreateBuilder<ClosedType>(types.Length);
        foreach (var type in types) closed.Add(Close(type, substitution));
        return closed.MoveToImmutable();
    }

    /// <summary>The payload of the row's Fail entry; null when there is none.</summary>
    public ClosedType? FailureOf(Row row, TypeSubstitution substitution)
    {
        while (true)
        {
            foreach (var entry in row.Entries)
            {
                if (entry.Effect is not { IsFail: true } effect) continue;
                _fail ??= effect;
                return Close(entry.Payload, substitution);
            }
            switch (row.Tail?.Resolved)
            {
                case Type.RowArgument(var more): row = more; continue;
                case Type.Variable(var variable): return (substitution.Find(variable) as ClosedType.Row)?.Failure;
                default: return null;
            }
        }
    }

    public ClosedType.Nominal Nominal(TypeSymbol symbol, ImmutableArray<ClosedType> arguments)
    {
        if (arguments.IsEmpty && _plain.TryGetValue(symbol, out var plain)) return (ClosedType.Nominal)plain;
        var key = new Key(symbol, ImmutableArray<ClosedType?>.CastUp(arguments), []);
        if (_all.TryGetValue(key, out var found)) return (ClosedType.Nominal)found;
        var name = arguments.IsEmpty ? SymbolName(symbol) : $"{SymbolName(symbol)}({string.Join(", ", arguments.Select(a => a.Name))})";
        var made = new ClosedType.Nominal(symbol, arguments, name) { Source = new Type.Named(symbol, Sources(arguments)) };
        if (arguments.IsEmpty) _plain.Add(symbol, made);
        _all.Add(key, made);
        return made;
    }

    public ClosedType Tuple(ImmutableArray<ClosedType> elements)
    {
        var key = new Key(typeof(ClosedType.Tuple), ImmutableArray<ClosedType?>.CastUp(elements), []);
        if (!_all.TryGetValue(key, out var found))
            _all.Add(key, found = new ClosedType.Tuple(elements) { Source = new Type.Tuple(Sources(elements)) });
        return found;
    }

    public ClosedType.Record Record(ImmutableArray<string> labels, ImmutableArray<ClosedType> types)
    {
        var key = new Key(typeof(ClosedType.Record), ImmutableArray<ClosedType?>.CastUp(types), labels);
        if (!_all.TryGetValue(key, out var found))
            _all.Add(key, found = new ClosedType.Record(labels, types) { Source = new Type.Record(SourceRow(labels, types, null)) });
        return (ClosedType.Record)found;
    }

    public ClosedType.Function Function(ImmutableArray<ClosedType> parameters, ClosedType? failure, ClosedType result)
    {
        var key = new Key(typeof(ClosedType.Function), [.. parameters, result, failure], []);
        if (_all.TryGetValue(key, out var found)) return (ClosedType.Function)found;
        var source = new Type.Function(Sources(parameters), SourceRow([], [], failure), result.Source);
        var made = new ClosedType.Function(parameters, failure, result) { Source = source };
        _all.Add(key, made);
        return made;
    }

    public ClosedType Row(ImmutableArray<string> labels, ImmutableArray<ClosedType> types, ClosedType? failure)
    {
        var key = new Key(typeof(ClosedType.Row), [.. types, failure], labels);
        if (!_all.TryGetValue(key, out var found))
            _all.Add(key, found = new ClosedType.Row(labels, types, failure) { Source = new Type.RowArgument(SourceRow(labels, types, failure)) });
        return found;
    }

    private ClosedType CloseRecord(Row row, TypeSubstitution substitution)
    {
        if (row.Tail is null)
        {
            var types = ImmutableArray.CreateBuilder<ClosedType>(row.Entries.Length);
            var labels = ImmutableArray.CreateBuilder<string>(row.Entries.Length);
            foreach (var entry in row.Entries) { labels.Add(entry.Label); types.Add(Close(entry.Payload, substitution)); }
            return Record(labels.MoveToImmutable(), types.MoveToImmutable());
        }
        var all = Flatten(row, substitution);
        return Record([.. all.Keys], [.. all.Values]);
    }

    private ClosedType CloseRow(Row row, TypeSubstitution substitution)
    {
        if (FailureOf(row, substitution) is { } failure) return Row([], [], failure);
        var fields = Flatten(row, substitution);
        return fields.Count == 0 ? EmptyRow : Row([.. fields.Keys], [.. fields.Values], null);
    }

    /// <summary>The fields of a record row with its tail's, sorted by label. Effects are left out.</summary>
    private SortedDictionary<string, ClosedType> Flatten(Row row, TypeSubstitution substitution)
    {
        var fields = new SortedDictionary<string, ClosedType>(StringComparer.Ordinal);
        while (true)
        {
            foreach (var entry in row.Entries)
                if (entry.Effect is null) fields[entry.Label] = Close(entry.Payload, substitution);
            switch (row.Tail?.Resolved)
            {
                case Type.RowArgument(var more): row = more; continue;
                case Type.Record(var more): row = more; continue;
                case Type.Variable(var variable) when substitution.Find(variable) is ClosedType.Row rest:
                    for (var i = 0; i < rest.Labels.Length; i++) fields[rest.Labels[i]] = rest.Types[i];
                    return fields;
                default: return fields;
            }
        }
    }

    private Row SourceRow(ImmutableArray<string> labels, ImmutableArray<ClosedType> types, ClosedType? failure)
    {
        var entries = ImmutableArray.CreateBuilder<RowEntry>();
        for (var i = 0; i < labels.Length; i++) entries.Add(new RowEntry(labels[i], null, types[i].Source));
        if (failure is not null) entries.Add(new RowEntry("Fail", _fail, failure.Source));
        return entries.Count == 0 ? Kea.Types.Row.Empty : new Row(entries.ToImmutable(), null);
    }

    private static ImmutableArray<Type> Sources(ImmutableArray<ClosedType> types)
    {
        if (types.IsEmpty) return [];
        var sources = ImmutableArray.CreateBuilder<Type>(types.Length);
        foreach (var type in types) sources.Add(type.Source);
        return sources.MoveToImmutable();
    }

    /// <summary>Library types by their plain name, a project's with its module, so that the two never meet.</summary>
    private string SymbolName(TypeSymbol symbol)
    {
        if (symbol.Module is not { } module || module.Origin == ModuleOrigin.Standard) return symbol.Name;
        if (_symbolNames.TryGetValue(symbol, out var known)) return known;
        var version = _versions?.Of(symbol) ?? 1;
        var name = $"{module.Name}.{symbol.Name}" + (version == 1 ? "" : $"{VersionMark}{version}");
        _symbolNames.Add(symbol, name);
        return name;
    }

    private readonly struct Key(object head, ImmutableArray<ClosedType?> parts, ImmutableArray<string> labels) : IEquatable<Key>
    {
        private readonly object _head = head;
        private readonly ImmutableArray<ClosedType?> _parts = parts;
        private readonly ImmutableArray<string> _labels = labels;

        public bool Equals(Key other)
        {
            if (!ReferenceEquals(_head, other._head) || _parts.Length != other._parts.Length || _labels.Length != other._labels.Length) return false;
            for (var i = 0; i < _parts.Length; i++) if (!ReferenceEquals(_parts[i], other._parts[i])) return false;
            for (var i = 0; i < _labels.Length; i++) if (_labels[i] != other._labels[i]) return false;
            return true;
        }

        public override bool Equals(object? other) => other is Key key && Equals(key);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_head));
            foreach (var part in _parts) hash.Add(part is null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(part));
            foreach (var label in _labels) hash.Add(label.GetHashCode(StringComparison.Ordinal));
            return hash.ToHashCode();
        }
    }
}
