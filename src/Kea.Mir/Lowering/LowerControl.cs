using System.Collections.Immutable;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Mir;

/// <summary>Conditions, <c>if</c> and <c>while</c>.</summary>
internal sealed partial class FunctionLowering
{
    private void LowerIf(TypedExpression.If choice, Destination destination)
    {
        var (then, otherwise) = (_b.NewBlock(), _b.NewBlock());
        Condition(choice.Condition, then, otherwise);
        _b.Continue(then);
        Into(choice.Then, destination);
        _b.Continue(otherwise);
        if (choice.Else is null) Deliver(destination, _b.Unit());
        else Into(choice.Else, destination);
    }

    /// <summary>Goes to one of two blocks without making a Bool of <c>and</c>, <c>or</c> and <c>not</c>.</summary>
    private void Condition(TypedExpression condition, BlockBuilder ifTrue, BlockBuilder ifFalse)
    {
        switch (condition)
        {
            case TypedExpression.Bool(var value, _, _): _b.Jump(value ? ifTrue : ifFalse); break;
            case TypedExpression.Not not: Condition(not.Operand, ifFalse, ifTrue); break;
            case TypedExpression.Binary { Operator: BinaryOperator.And } and:
                var second = _b.NewBlock();
                Condition(and.Left, second, ifFalse);
                _b.Continue(second);
                Condition(and.Right, ifTrue, ifFalse);
                break;
            case TypedExpression.Binary { Operator: BinaryOperator.Or } or:
                var other = _b.NewBlock();
                Condition(or.Left, ifTrue, other);
                _b.Continue(other);
                Condition(or.Right, ifTrue, ifFalse);
                break;
            default: _b.Branch(Value(condition), ifTrue, ifFalse); break;
        }
    }

    /// <summary><c>and</c> and <c>or</c> where their value is wanted.</summary>
    private ValueId ShortCircuit(TypedExpression.Binary binary)
    {
        var (ifTrue, ifFalse) = (_b.NewBlock(), _b.NewBlock());
        var join = new JoinPoint(MirType.Boolean);
        var right = binary.Operator == BinaryOperator.And ? ifTrue : ifFalse;
        Condition(binary.Left, ifTrue, ifFalse);
        foreach (var block in (ReadOnlySpan<BlockBuilder>)[ifTrue, ifFalse])
        {
            _b.Continue(block);
            if (block == right) Into(binary.Right, new Destination.JoinIt(join));
            else Arrive(join, _b.Bool(block == ifTrue));
        }
        return Resolve(join);
    }

    private ValueId LowerWhile(TypedExpression.While loop)
    {
        var (header, body, after) = (_b.NewBlock(), _b.NewBlock(), _b.NewBlock());
        _b.Jump(header);
        _b.Continue(header);
        Condition(loop.Condition, body, after);
        _b.Continue(body);
        Value(loop.Body);
        _b.Jump(header);
        _b.Continue(after);
        return _b.Unit();
    }

    /// <summary>Whether lowering the body would meet a call of the function itself in tail position.</summary>
    private bool CallsItselfInTailPosition(TypedExpression body, FunctionSymbol self)
    {
        while (true)
        {
            switch (body)
            {
                case TypedExpression.Block block: body = block.Statements[^1]; continue;
                case TypedExpression.Rewrap wrap: body = wrap.Operand; continue;
                case TypedExpression.If { Else: null }: return false;
                case TypedExpression.If choice:
                    if (CallsItselfInTailPosition(choice.Then, self)) return true;
                    body = choice.Else!;
                    continue;
                case TypedExpression.Case cases:
                    foreach (var arm in cases.Arms) if (CallsItselfInTailPosition(arm.Body, self)) return true;
                    return false;
                case TypedExpression.Convert { Kind: Conversion.SameRepresentation or Conversion.StructToRow } same: body = same.Operand; continue;
                case TypedExpression.Call { Target: CallTarget.Function(var symbol, _) }: return ReferenceEquals(symbol, self);
                case TypedExpression.Call { Target: CallTarget.TraitMethod method }: return ReferenceEquals(Resolve(method)?.Symbol, self);
                case TypedExpression.Call { Target: CallTarget.Value(TypedExpression.Lambda lambda) }: body = lambda.Body; continue;
                default: return false;
            }
        }
    }
}
