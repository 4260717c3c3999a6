using System.Collections.Immutable;
using System.Globalization;
using Kea.Source;

namespace Kea.Syntax;

public sealed partial class SyntaxPrinter
{
    private void PrintHeader(Header header)
    {
        if (header.Doc is { } doc) PrintDoc(doc);
        foreach (var annotation in header.Annotations)
        {
            PrintAnnotation(annotation);
            _writer.Line();
        }
        if (header.IsPublic) Write("pub ");
    }

    /// <summary>Inline when the text is one line; as <c>--|</c> lines when a block would lose blanks at its edges.</summary>
    private void PrintDoc(DocBlock doc)
    {
        var lines = doc.Text.Split('\n');
        var isPlain = lines[0].Length > 0 && lines[0][0] is not (' ' or '\t') && !string.IsNullOrWhiteSpace(lines[^1]);
        if (doc.Text.Length > 0 && !isPlain) PrintDocComments(lines);
        else if (lines.Length == 1) Write(doc.Text.Length == 0 ? "doc" : "doc " + doc.Text);
        else
        {
            Write("doc");
            _writer.RawIndent();
            foreach (var line in lines) _writer.RawLine(line);
            _writer.RawDedent();
        }
        _writer.Line();
    }

    private void PrintDocComments(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0) _writer.Line();
            Write("--| " + lines[i]);
        }
    }

    private void PrintAnnotation(Annotation annotation)
    {
        Write("@");
        Write(annotation.Name);
        if (annotation.HasParentheses) PrintArguments(annotation.Arguments);
    }

    private void PrintDeclaration(Declaration declaration)
    {
        PrintHeader(declaration.Header);
        switch (declaration)
        {
            case Declaration.Use use: PrintUse(use); break;
            case Declaration.Function function: PrintFunction(function); break;
            case Declaration.Const(_, var name, var type, var value, _): PrintConst(name, type, value); break;
            case Declaration.Struct @struct: PrintStruct(@struct); break;
            case Declaration.Enum @enum: PrintEnum(@enum); break;
            case Declaration.Alias(_, var name, var parameters, var target, _): PrintAlias("type ", name, parameters, target); break;
            case Declaration.Opaque(_, var name, var parameters, var target, _): PrintAlias("opaque ", name, parameters, target); break;
            case Declaration.Trait @trait: PrintTrait(@trait); break;
            case Declaration.Implementation implementation: PrintImplementation(implementation); break;
            case Declaration.Effect effect: PrintEffect(effect); break;
            case Declaration.Test test: PrintTest(test); break;
            case Declaration.Error: Write("<error>"); break;
        }
    }

    private void PrintUse(Declaration.Use use)
    {
        Write("use " + use.Path);
        if (use.Names is { } names)
        {
            Write(".{");
            PrintNames(names);
            Write("}");
        }
        if (use.AsName is { } alias) Write(" as " + alias);
    }

    private void PrintFunction(Declaration.Function function)
    {
        Write(function.IsExpr ? "expr " : "fn ");
        Write(function.Name);
        PrintSignature(function.Signature);
        if (function.Body is { } body) PrintBody(body);
    }

    private void PrintSignature(Signature signature)
    {
        Write("(");
        PrintList(signature.Parameters, PrintParameter);
        Write(")");
        if (signature.HasArrow)
        {
            Write(" ");
            PrintArrow(signature.Effects);
            Write(" ");
            PrintType(signature.Result);
        }
        PrintWhere(signature.Where);
    }

    private void PrintParameter(Parameter parameter)
    {
        foreach (var annotation in parameter.Annotations)
        {
            PrintAnnotation(annotation);
            Write(" ");
        }
        if (parameter.IsBorrow) Write("borrow ");
        if (parameter.Mode == ParameterMode.Positional) Write("_ ");
        if (parameter.Label is { } label) Write(label.Text + " ");
        PrintPattern(parameter.Pattern, AtomLevel);
        if (parameter.Type is { } type)
        {
            Write(": ");
            PrintType(type);
        }
        if (parameter.Default is not { } value) return;
        Write(" = ");
        PrintExpression(value, ItemLevel);
    }

    private void PrintWhere(ImmutableArray<WhereItem> items)
    {
        if (items.IsEmpty) return;
        Write(" where ");
        PrintList(items, PrintWhereItem);
    }

    private void PrintWhereItem(WhereItem item)
    {
        switch (item)
        {
            case WhereItem.Bound(var variable, var path, var arguments, _):
                Write($"{variable}: {path}");
                PrintAtoms(arguments);
                break;
            case WhereItem.RowBound(var variable, var row, _):
                Write($"{variable}: ");
                PrintType(row);
                break;
            case WhereItem.Equation(var variable, var @trait, var member, var type, _):
                if (variable is { } name) Write(name + ".");
                if (@trait is { } qualifier) Write(qualifier + ".");
                Write(member + " = ");
                PrintType(type);
                break;
            case WhereItem.Lacks(var row, var label, _):
                Write($"{row} lacks {label}");
                break;
        }
    }

    private void PrintConst(Name name, TypeSyntax type, Expression value)
    {
        Write($"const {name}: ");
        PrintType(type);
        Write(" = ");
        PrintExpression(value, ItemLevel);
    }

    private void PrintAlias(string word, Name name, ImmutableArray<TypeParameter> parameters, TypeSyntax target)
    {
        Write(word + name);
        PrintTypeParameters(parameters);
        Write(" = ");
        PrintType(target);
    }

    private void PrintTypeParameters(ImmutableArray<TypeParameter> parameters)
    {
        if (parameters.IsEmpty) return;
        Write("(");
        PrintList(parameters, p => Write(p.Kind is { } kind ? $"{p.Name}: {kind}" : p.Name.Text));
        Write(")");
    }

    /// <summary>Members of a type, one per line; functions and types are set apart by an empty line.</summary>
    private void PrintMembers(ImmutableArray<Declaration> members, bool isFirst)
    {
        foreach (var member in members)
        {
            if (!isFirst) Separate();
            isFirst = false;
            PrintDeclaration(member);
            _writer.Line();
        }
    }

    private void PrintStruct(Declaration.Struct @struct)
    {
        Write("struct " + @struct.Name);
        PrintTypeParameters(@struct.Parameters);
        _writer.Indent();
        foreach (var field in @struct.Fields)
        {
            PrintHeader(field.Header);
            Write(field.Name + ": ");
            PrintType(field.Type);
            _writer.Line();
        }
        PrintMembers(@struct.Members, @struct.Fields.IsEmpty);
        _writer.Dedent();
    }

    private void PrintEnum(Declaration.Enum @enum)
    {
        Write("enum " + @enum.Name);
        PrintTypeParameters(@enum.Parameters);
        _writer.Indent();
        foreach (var variant in @enum.Variants) PrintVariant(variant);
        PrintMembers(@enum.Members, @enum.Variants.IsEmpty);
        _writer.Dedent();
    }

    private void PrintVariant(Variant variant)
    {
        PrintHeader(variant.Header);
        Write(variant.Name);
        if (!variant.Fields.IsEmpty)
        {
            Write("(");
            PrintList(variant.Fields, PrintVariantField);
            Write(")");
        }
        if (variant.Result is { } result)
        {
            Write(" : ");
            PrintType(result);
        }
        if (!variant.Equations.IsEmpty)
        {
            Write(" where ");
            PrintList(variant.Equations, e =>
            {
                Write(e.Parameter + " = ");
                PrintType(e.Type);
            });
        }
        _writer.Line();
    }

    private void PrintVariantField(VariantField field)
    {
        foreach (var annotation in field.Annotations)
        {
            PrintAnnotation(annotation);
            Write(" ");
        }
        if (field.Name is { } name) Write(name + ": ");
        PrintType(field.Type);
    }

    private void PrintTrait(Declaration.Trait @trait)
    {
        Write("trait " + @trait.Name);
        PrintTypeParameters(@trait.Parameters);
        if (!@trait.Dependencies.IsEmpty)
        {
            Write(" | ");
            PrintList(@trait.Dependencies, PrintDependency);
        }
        if (!@trait.Supertraits.IsEmpty) Write(": " + string.Join(" + ", @trait.Supertraits));
        PrintWhere(@trait.Where);
        _writer.Indent();
        foreach (var type in @trait.Types) PrintAssociatedType(type);
        PrintFunctions(@trait.Methods);
        _writer.Dedent();
    }

    private void PrintDependency(FunctionalDependency dependency)
    {
        PrintSide(dependency.From);
        Write(" -> ");
        PrintSide(dependency.To);
    }

    private void PrintSide(ImmutableArray<Name> side)
    {
        if (side.Length != 1) Write("(");
        PrintNames(side);
        if (side.Length != 1) Write(")");
    }

    private void PrintAssociatedType(AssociatedType type)
    {
        if (type.Doc is { } doc) PrintDoc(doc);
        Write("type " + type.Name);
        if (type.HasParameter) Write(" _");
        if (!type.Bounds.IsEmpty) Write(" where " + string.Join(", ", type.Bounds.Select(b => $"{type.Name}: {b}")));
        if (type.Default is { } value)
        {
            Write(" = ");
            PrintType(value);
        }
        _writer.Line();
    }

    private void PrintFunctions(ImmutableArray<Declaration.Function> functions)
    {
        foreach (var function in functions)
        {
            PrintDeclaration(function);
            _writer.Line();
        }
    }

    private void PrintImplementation(Declaration.Implementation implementation)
    {
        Write(implementation.Type.ToString());
        if (!implementation.Parameters.IsEmpty)
        {
            Write("(");
            PrintNames(implementation.Parameters);
            Write(")");
        }
        Write(" as " + implementation.TraitPath);
        PrintAtoms(implementation.TraitArguments);
        PrintWhere(implementation.Where);
        if (implementation.Methods.IsEmpty) return;
        _writer.Indent();
        PrintFunctions(implementation.Methods);
        _writer.Dedent();
    }

    private void PrintEffect(Declaration.Effect effect)
    {
        Write("effect " + effect.Name);
        PrintTypeParameters(effect.Parameters);
        _writer.Indent();
        PrintFunctions(effect.Operations);
        _writer.Dedent();
    }

    private void PrintTest(Declaration.Test test)
    {
        Write(test.IsProperty ? "test property " : "test ");
        if (test.Iterations is { } count) Write($"(iterations: {count.ToString(CultureInfo.InvariantCulture)}) ");
        Write(LiteralText.Quoted(test.Title));
        if (!test.Tags.IsEmpty) Write($" tags [{string.Join(", ", test.Tags.Select(t => ":" + t))}]");
        PrintBody(test.Body);
    }
}
