using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types;

/// <summary>What an edit does to one function of a program whose other declarations stay.</summary>
public abstract record FunctionEdit
{
    private FunctionEdit() { }

    /// <summary>Another body for a function; or its own once more, because something that it uses is another one now.</summary>
    /// <param name="Source">The text that the body's spans refer to.</param>
    public sealed record Body(FunctionSymbol Function, Expression Written, SourceText Source) : FunctionEdit;

    /// <summary>A function at file scope, or of a type, that is new or takes the place of one with another signature.</summary>
    /// <param name="Owner">Null at file scope.</param>
    public sealed record Declared(ModuleSymbol Module, TypeSymbol? Owner, Declaration.Function Declaration, SourceText Source) : FunctionEdit;

    public sealed record Removed(FunctionSymbol Function) : FunctionEdit;
}

/// <summary>A program after edits of functions.</summary>
/// <param name="Declared">The symbols of functions that were declared by the edits.</param>
/// <param name="Diagnostics">What was found in the functions edited, and nowhere else.</param>
public sealed record EditedProgram(CheckedProgram Program, ImmutableDictionary<Declaration.Function, FunctionSymbol> Declared, ImmutableArray<Diagnostic> Diagnostics);
