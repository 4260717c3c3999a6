using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>
/// Writes the functions of a migration: one for each pair of types, and an entry from box to box. A function takes the old value,
/// owned, and gives the new one; where the migration can fail, the same sum as any Kea function that fails with a String.
/// </summary>
/// <param name="context">Takes the functions, and lowers what written code and defaults of the new version need.</param>
/// <param name="way">Part of the functions' names, which tells a migration and an inverse apart.</param>
internal sealed partial class EmitMigration(LoweringContext context, ProgramSide source, ProgramSide target, bool canFail, string way)
{
    private static readonly MirType _boxOrNull = new MirType.Reference(false, true);

    private readonly Dictionary<MigrationPair, FunctionId> _functions = [];
    private readonly Queue<MigrationPair> _work = new();
    private readonly List<MirFunction> _written = [];

    private readonly HashSet<FunctionId> _finished = [];

    private LoweringContext Context { get; } = context;
    private LoweringSession Session => Context.Session;
    private Representation Source => source.Shapes;
    private Representation Target => target.Shapes;
    private bool CanFail { get; } = canFail;
    private string Module => Context.ModuleName(Context.Program.Entry);

    /// <summary>The entry and, before it, all functions that it needs.</summary>
    public (FunctionId Entry, IReadOnlyList<MirFunction> Functions) Run(ClosedType from, ClosedType to, MigrationStep step)
    {
        var entry = Session.Function(NameOf("Live.entry", from, to), Module, [(MirType.Ref, Ownership.Owned)], _boxOrNull, isClosureCode: false);
        var body = new Body(this, to, isEntry: true);
        var box = body.B.NewValue(MirType.Ref);
        var value = body.Value(step, StateBox.Unbox(body.B, source, from, box), to);
        body.B.Return(StateBox.Box(body.B, target, to, value));
        Finish(entry, box, body);
        while (_work.TryDequeue(out var pair)) Write(pair);
        return (entry, _written);
    }

    private FunctionId FunctionOf(MigrationPair pair)
    {
        if (_functions.TryGetValue(pair, out var known)) return known;
        var id = Session.Function(NameOf("Live", pair.From, pair.To), Module, [(Source.Of(pair.From), Ownership.Owned)], ResultOf(pair.To), isClosureCode: false);
        _functions.Add(pair, id);
        _work.Enqueue(pair);
        return id;
    }

    // A pair of layouts that comes back has the same name again, so tables do not grow with the number of reloads.
    private string NameOf(string head, ClosedType from, ClosedType to) =>
        $"{head}.{way}({from.Name}, {to.Name}{(CanFail ? ", fails" : "")})";

    private MirType ResultOf(ClosedType to) => CanFail ? Target.OfResult(to, Target.Types.String) : Target.Of(to);

    private void Write(MigrationPair pair)
    {
        var body = new Body(this, pair.To, isEntry: false);
        var value = body.B.NewValue(Source.Of(pair.From));
        switch (pair.Body!)
        {
            case MigrationBody.Product(var fields):
                body.Return(body.Product(pair, fields, value));
                break;
            case MigrationBody.Sum(var variants): body.Sum(pair, variants, value); break;
            case MigrationBody.Elements(var element): body.Elements(pair, element, value); break;
            case MigrationBody.Bounds(var bound): body.Bounds(pair, bound, value); break;
            case MigrationBody.Written(var change):
                var inner = Source.Unwrap(pair.From);
                body.Return(body.Written(change, field => body.From.ProductField(value, inner, field)));
                break;
        }
        Finish(_functions[pair], value, body);
    }

    private void Finish(FunctionId id, ValueId parameter, Body body)
    {
        var signature = Session[id];
        var (blocks, types) = body.B.Finish();
        Keep(new MirFunction(id, signature.Name, signature.Module, "", default, [new MirParameter(parameter, Ownership.Owned)], signature.Result, false, blocks, types));
    }

    private void Keep(MirFunction function)
    {
        if (_finished.Add(function.Id)) _written.Add(function);
    }
}
