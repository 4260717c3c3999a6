using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>
/// Lambdas become functions. What such a function needs of its surroundings is found while it is lowered: a name that is not
/// its own is asked of the enclosing function and from then on captured, as a field of the closure object or, if the lambda is
/// only ever called by name, as one more parameter.
/// </summary>
internal sealed partial class FunctionLowering
{
    private readonly List<(LocalSymbol Symbol, ValueId Value)> _captures = [];
    private readonly List<Instruction> _prologue = [];
    private readonly Dictionary<(LocalSymbol, ClosedType), LocalBinding.Known> _polymorphicCode = [];

    private ValueId Capture(LocalSymbol symbol, MirType type)
    {
        var value = _b.NewValue(type);
        if (type is MirType.Unit) _prologue.Add(new Instruction(value, new Inst.UnitConst(), default));
        else _captures.Add((symbol, value));
        return value;
    }

    /// <summary>A closure object of the given type, which may allow a failure that the lambda itself never has.</summary>
    private ValueId LowerLambda(TypedExpression.Lambda lambda, ClosedType.Function type)
    {
        if (!_b.IsReachable) return _b.NewValue(MirType.Ref);
        var name = _lambdas.Next();
        var inner = Inner();
        var self = inner._b.NewValue(MirType.Ref);
        var parameters = inner.LowerLambdaBody(lambda, type);
        var layout = Shapes.ClosureLayout([.. inner._captures.Select(c => inner._b.TypeOf(c.Value))]);
        for (var i = 0; i < inner._captures.Count; i++)
            inner._prologue.Insert(i, new Instruction(inner._captures[i].Value, new Inst.Project(self, layout, i), default));
        var signature = ClosureSignature(name, type);
        inner.Finish(signature, [self, .. parameters], LocationOf(lambda.Span), inner._prologue);
        At(lambda);
        // A function reference is late bound; a lambda keeps its code, so where code may change it is an object of its own.
        return inner._captures.Count == 0 && !_context.Session.IsReloadable
            ? _b.Emit(MirType.Ref, new Inst.FunctionRef(signature.Id))
            : _b.Emit(MirType.Ref, new Inst.MakeClosure(signature.Id, layout, [.. inner._captures.Select(c => LocalValue(c.Symbol))]));
    }

    private LocalBinding.Known LowerKnownLambda(TypedExpression.Lambda lambda, ClosedType.Function type)
    {
        var name = _lambdas.Next();
        var inner = Inner();
        var parameters = inner.LowerLambdaBody(lambda, type);
        var captured = inner._captures;
        var id = _context.Session.Function(
            name, _module,
            [.. type.Parameters.Select(p => (Of(p), Ownership.Owned)), .. captured.Select(c => (inner._b.TypeOf(c.Value), Ownership.Owned))],
            Shapes.OfResult(type.Result, type.Failure), isClosureCode: false, LoweringContext.AbiOf([type], null));
        inner.Finish(_context.Session[id], [.. parameters, .. captured.Select(c => c.Value)], LocationOf(lambda.Span), inner._prologue);
        return new LocalBinding.Known(_context.Session[id], [.. captured.Select(c => c.Symbol)], type);
    }

    private FunctionLowering Inner() => new(_context, _source, _module, _lambdas, _substitution, this);

    private ImmutableArray<ValueId> LowerLambdaBody(TypedExpression.Lambda lambda, ClosedType.Function type)
    {
        (_result, _failure) = (type.Result, type.Failure);
        var parameters = ImmutableArray.CreateBuilder<ValueId>(type.Parameters.Length);
        foreach (var parameter in type.Parameters) parameters.Add(_b.NewValue(Of(parameter)));
        for (var i = 0; i < parameters.Count; i++) Bind(lambda.Parameters[i], parameters[i], type.Parameters[i]);
        Into(lambda.Body, Destination.Return);
        return parameters.MoveToImmutable();
    }

    private MirSignature ClosureSignature(string name, ClosedType.Function type) => _context.Session[_context.Session.Function(
        name, _module, [(MirType.Ref, Ownership.Borrowed), .. type.Parameters.Select(p => (Of(p), Ownership.Owned))],
        Shapes.OfResult(type.Result, type.Failure), isClosureCode: true, LoweringContext.AbiOf([type], null))];

    /// <summary>The code of a callee that is a lambda known by name; null if it has to be called through its closure.</summary>
    private LocalBinding.Known? KnownCode(TypedExpression callee, ClosedType.Function type)
    {
        if (callee is TypedExpression.Local(var symbol, _, _)) return Find(symbol) as LocalBinding.Known;
        if (callee is not TypedExpression.PolymorphicLocal local || Find(local.Symbol) is not LocalBinding.Polymorphic { Definition.Value: TypedExpression.Lambda lambda } polymorphic) return null;
        if (_polymorphicCode.TryGetValue((local.Symbol, type), out var known)) return known;
        var before = _substitution;
        _substitution = Instantiate(polymorphic, Types.CloseAll(local.TypeArguments, before));
        known = LowerKnownLambda(lambda, type);
        _substitution = before;
        _polymorphicCode.Add((local.Symbol, type), known);
        return known;
    }

    private ValueId LowerLetPolymorphic(TypedExpression.LetPolymorphic let)
    {
        _locals[let.Symbol] = new LocalBinding.Polymorphic(let, _substitution);
        return _b.Unit();
    }

    private ValueId LowerPolymorphicLocal(TypedExpression.PolymorphicLocal local) =>
        Find(local.Symbol) is LocalBinding.Polymorphic polymorphic
            ? LowerPolymorphic(polymorphic, Types.CloseAll(local.TypeArguments, _substitution))
            : LocalValue(local.Symbol);

    /// <summary>The value of a generalised binding at some types: it is a syntactic value, so it can be made at each use.</summary>
    private ValueId LowerPolymorphic(LocalBinding.Polymorphic polymorphic, ImmutableArray<ClosedType> arguments)
    {
        var before = _substitution;
        _substitution = Instantiate(polymorphic, arguments);
        var value = Value(polymorphic.Definition.Value);
        _substitution = before;
        return value;
    }

    private static TypeSubstitution Instantiate(LocalBinding.Polymorphic polymorphic, ImmutableArray<ClosedType> arguments) =>
        arguments.IsEmpty ? polymorphic.Substitution : new TypeSubstitution(polymorphic.Definition.Variables, arguments, polymorphic.Substitution);

    /// <summary>A declared function as a value: code that takes a closure, ignores it, and calls the function.</summary>
    private ValueId LowerFunctionValue(TypedExpression.FunctionValue value, ClosedType.Function type)
    {
        if (value.Target is CallTarget.Value(var callee)) return Value(callee);
        var target = ResolveDeclared(value.Target)!;
        var code = ClosureCode(_context, target, type, _module);
        if (_context.Session.IsReloadable && target is ResolvedTarget.Function({ Intrinsic: null } symbol, var arguments))
            _context.FunctionValues.Add(new LoweredInstance(code.Id, symbol, Sources(arguments)));
        return _b.Emit(MirType.Ref, new Inst.FunctionRef(code.Id));
    }

    private static MirSignature ClosureCode(LoweringContext context, ResolvedTarget target, ClosedType.Function type, string module) => context.Synthetic(
        $"{NameOf(context, target, module)}.closure[{type.Name}]", module, [MirType.Ref, .. type.Parameters.Select(context.Representation.Of)],
        context.Representation.OfResult(type.Result, type.Failure), isClosureCode: true,
        (at, values) =>
        {
            (at._result, at._failure) = (type.Result, type.Failure);
            at.Forward(at.Emit(target, values[1..], type.Result));
        });

    private void Forward(Outcome outcome)
    {
        if (outcome.Failure is not null && ResultTypeOf(Destination.Return) == _b.TypeOf(outcome.Value)) _b.Return(outcome.Value);
        else Deliver(Destination.Return, Settle(outcome.Value, outcome.Result, outcome.Failure));
    }

    private static string NameOf(LoweringContext context, ResolvedTarget target, string module) => target switch
    {
        ResolvedTarget.Function({ Intrinsic: null } symbol, var types) => context.Instance(symbol, types, module).Signature.Name,
        ResolvedTarget.Function(var symbol, var types) => $"{symbol.QualifiedName}({string.Join(", ", types.Select(t => t.Name))})",
        ResolvedTarget.Structural(var method, var self) => $"{method}({self.Name})",
        ResolvedTarget.Operation(var symbol) => symbol.ToString(),
        ResolvedTarget.Builtin(var name, var of, _) => $"{name}({of.Name})",
    };

    /// <summary>A function that cannot fail where one that may is expected: its results get wrapped in Ok.</summary>
    private ValueId LowerFunctionRow(TypedExpression.Convert convert)
    {
        var (from, to) = ((ClosedType.Function)TypeOf(convert.Operand), (ClosedType.Function)TypeOf(convert));
        if ((from.Failure is null) == (to.Failure is null)) return Value(convert.Operand);
        if (convert.Operand is TypedExpression.Lambda lambda) return LowerLambda(lambda, to);
        if (convert.Operand is TypedExpression.FunctionValue function) return LowerFunctionValue(function, to);
        var inner = Value(convert.Operand);
        var layout = Shapes.ClosureLayout([MirType.Ref]);
        var code = _context.Synthetic(
            $"adapt[{from.Name}, {to.Name}]", _module, [MirType.Ref, .. to.Parameters.Select(Of)], Shapes.OfResult(to.Result, to.Failure), isClosureCode: true,
            (at, values) =>
            {
                (at._result, at._failure) = (to.Result, to.Failure);
                var wrapped = at._b.Emit(MirType.Ref, new Inst.Project(values[0], layout, 0));
                var result = at._b.Emit(at.Of(from.Result), new Inst.CallClosure(wrapped, values[1..]));
                at.Deliver(Destination.Return, result);
            });
        At(convert);
        return _b.Emit(MirType.Ref, new Inst.MakeClosure(code.Id, layout, [inner]));
    }

    /// <summary>Whether a name is used as a callee and in no other way in the statements that follow.</summary>
    private static bool IsOnlyCalled(LocalSymbol name, ImmutableArray<TypedExpression> statements, int from)
    {
        var pending = new Stack<TypedExpression>();
        for (var i = from; i < statements.Length; i++) pending.Push(statements[i]);
        while (pending.TryPop(out var expression))
        {
            if (expression is TypedExpression.Local(var symbol, _, _) && ReferenceEquals(symbol, name)) return false;
            if (expression is TypedExpression.Call { Target: CallTarget.Value(TypedExpression.Local(var callee, _, _)) } call && ReferenceEquals(callee, name))
                foreach (var argument in call.Arguments) pending.Push(argument);
            else TypedChildren.Push(expression, pending);
        }
        return true;
    }
}
