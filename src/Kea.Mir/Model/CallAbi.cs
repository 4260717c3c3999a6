using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kea.Mir;

/// <summary>How a function is called: the lowered signature, aggregates spelled out, and what the source adds about objects behind references.</summary>
public static class CallAbi
{
    /// <summary>Says the same, also in another version of a program, exactly when a caller of one may call the other.</summary>
    public static string Of(MirProgram program, FunctionId function)
    {
        var signature = program.Signatures[function.Index];
        var text = new StringBuilder();
        foreach (var (type, ownership) in signature.Parameters)
        {
            if (ownership == Ownership.Borrowed) text.Append('&');
            Append(text, program, type);
            text.Append(',');
        }
        Append(text.Append("->"), program, signature.Result);
        if (signature.IsClosureCode) text.Append(" closure");
        return text.Append('|').Append(signature.Abi).ToString();
    }

    /// <summary>Of a function's name and ABI: what a caller and the code that it comes to must agree on.</summary>
    public static ulong Fingerprint(MirProgram program, FunctionId function)
    {
        var name = HotProgram.CalledName(program.Signatures[function.Index].Name);
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{name} {Of(program, function)}")));
    }

    private static void Append(StringBuilder text, MirProgram program, MirType type)
    {
        if (type is not MirType.Aggregate(var id))
        {
            text.Append(MirPrinter.Print(type));
            return;
        }
        text.Append('(');
        foreach (var field in program.Aggregates[id.Index].Fields)
        {
            Append(text, program, field);
            text.Append(' ');
        }
        text.Append(')');
    }
}
