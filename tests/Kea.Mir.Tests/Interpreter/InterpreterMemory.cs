using System.Globalization;
using System.Text;

namespace Kea.Mir.Tests;

/// <summary>Objects and counts.</summary>
internal sealed partial class Interpreter
{
    private Cell New(LayoutId layout, object[] fields)
    {
        var cell = new Cell(_serial++, layout);
        cell.Fields.AddRange(fields);
        _live++;
        return cell;
    }

    private Cell Reuse(object token, LayoutId layout, object[] fields)
    {
        if (token is not Cell { IsToken: true } memory) return token is Nothing ? New(layout, fields) : throw new MirBroken("this is no token");
        if (_tables.SizeOf(memory.Layout) != _tables.SizeOf(layout)) throw new MirBroken("the token does not fit");
        (memory.IsToken, memory.Layout, memory.Count) = (false, layout, 1);
        memory.Fields.AddRange(fields);
        return memory;
    }

    private static Cell AsToken(Cell cell)
    {
        cell.IsToken = true;
        cell.Fields.Clear();
        return cell;
    }

    private void Free(Cell cell)
    {
        cell.Fields.Clear();
        (cell.Count, cell.IsToken) = (0, false);
        _live--;
    }

    /// <summary>Elements come and go through places beyond the length, so a store may extend the list.</summary>
    private static void StoreElement(Cell vector, int index, object value)
    {
        if (index >= vector.Capacity) throw new MirBroken("stores beyond the capacity");
        while (vector.Fields.Count <= index) vector.Fields.Add(Nothing.Value);
        vector.Fields[index] = value;
    }

    private static void SetLength(Cell vector, int length)
    {
        if (length < 0 || length > vector.Capacity) throw new MirBroken("a length beyond the capacity");
        if (length < vector.Fields.Count) vector.Fields.RemoveRange(length, vector.Fields.Count - length);
        while (vector.Fields.Count < length) vector.Fields.Add(Nothing.Value);
    }

    private Cell MadeUnique(Cell vector)
    {
        if (_counted && vector is { Count: 1, IsImmortal: false }) return vector;
        var copy = New(vector.Layout, [.. vector.Fields]);
        copy.Capacity = vector.Capacity;
        if (!_counted) return copy;
        foreach (var element in copy.Fields) Dup(element);
        Decrement(vector);
        return copy;
    }

    private Cell Alive(object value)
    {
        if (value is not Cell cell) throw new MirBroken($"{value} is no object");
        if (cell.Count <= 0 || cell.IsToken) throw new MirBroken($"object {cell.Serial} is dead");
        return cell;
    }

    private Cell Unique(object value)
    {
        var cell = Alive(value);
        if (_counted && (cell.Count != 1 || cell.IsImmortal)) throw new MirBroken($"object {cell.Serial} is not unique");
        return cell;
    }

    private void Dup(object value)
    {
        if (value is object[] parts) foreach (var part in parts) Dup(part);
        else if (value is Cell { IsImmortal: false } cell) Alive(cell).Count++;
    }

    private void Decrement(Cell cell)
    {
        if (cell.IsImmortal) return;
        if (cell.Count <= 1) throw new MirBroken($"object {cell.Serial} is unique and only decremented");
        cell.Count--;
    }

    private void Drop(object value)
    {
        var work = new Stack<object>();
        work.Push(value);
        while (work.TryPop(out var top))
        {
            if (top is object[] parts) foreach (var part in parts) work.Push(part);
            if (top is not Cell { IsImmortal: false } cell) continue;
            if (cell.IsToken) { Free(cell); continue; }   // a token that a panicking frame owns
            if (--Alive(cell).Count > 0) continue;
            foreach (var field in cell.Fields) work.Push(field);
            Free(cell);
        }
    }

    private int VariantOf(object value) => value is Odd odd ? odd.Variant : _tables[Alive(value).Layout].Tag;

    private string Show(object value, int depth)
    {
        if (depth > 200) return "…";
        switch (value)
        {
            case long number: return number.ToString(CultureInfo.InvariantCulture);
            case double number: return MirPrinter.Number(number);
            case Odd odd: return $"#{odd.Variant}";
            case Nothing: return "()";
            case object[] parts: return $"({string.Join(", ", parts.Select(p => Show(p, depth + 1)))})";
            case Cell cell:
                if (cell.Count <= 0) throw new MirBroken("the result is dead");
                if (cell.IsImmortal || cell.Layout.Index >= _program.Layouts.Length || _tables[cell.Layout].Kind == LayoutKind.String) return $"\"{cell.Text}\"";
                return $"{_tables[cell.Layout].Name}({string.Join(", ", cell.Fields.Select(f => Show(f, depth + 1)))})";
        }
        throw new MirBroken($"{value} cannot be shown");
    }

    /// <summary>The runtime functions that tests use; another name is a mistake of the test.</summary>
    private object Service(RuntimeFunction function, object[] arguments)
    {
        object result;
        switch (function.Symbol)
        {
            case "kea_trace":
                _output.Append(CultureInfo.InvariantCulture, $"{arguments[0]};");
                return Nothing.Value;
            case "kea_test_panic":
                for (var i = 0; _counted && i < arguments.Length; i++) if (function.Parameters[i].Ownership == Ownership.Owned) Drop(arguments[i]);
                throw new MirPanic(PanicKind.Message, "test");
            case "kea_string_concat":
                result = Text(Alive(arguments[0]).Text + Alive(arguments[1]).Text);
                break;
            case "kea_int_to_string": result = Text(((long)arguments[0]).ToString(CultureInfo.InvariantCulture)); break;
            case "kea_io_stdout":
                _output.Append(Alive(arguments[0]).Text);
                return Nothing.Value;
            default: throw new NotSupportedException(function.Symbol);
        }
        for (var i = 0; _counted && i < arguments.Length; i++)
            if (function.Parameters[i].Ownership == Ownership.Owned) Drop(arguments[i]);
        return result;
    }

    private Cell Text(string text)
    {
        _live++;
        return new Cell(_serial++, new LayoutId(0)) { Text = text };
    }
}
