using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kea.Analyzers;

/// <summary>
/// Removes CS8509 from a switch over a closed record family (abstract, every constructor private)
/// when each sealed case has an unguarded arm; leaves it when one is missing.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClosedSwitchSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor Closed =
        new("KEA0001", "CS8509", "every sealed case of the closed record has an arm");

    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => ImmutableArray.Create(Closed);

    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree) continue;
            var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            if (node.FirstAncestorOrSelf<SwitchExpressionSyntax>() is not { } syntax) continue;
            var model = context.GetSemanticModel(tree);
            if (model.GetOperation(syntax, context.CancellationToken) is not ISwitchExpressionOperation operation) continue;
            if (operation.Value.Type is not INamedTypeSymbol type || !IsClosed(type)) continue;
            if (CoversEveryCase(type, operation)) context.ReportSuppression(Suppression.Create(Closed, diagnostic));
        }
    }

    private static bool CoversEveryCase(INamedTypeSymbol type, ISwitchExpressionOperation operation)
    {
        var handled = operation.Arms.Where(arm => arm.Guard is null).SelectMany(arm => Alternatives(arm.Pattern)).Select(TypeAcceptedWhole)
            .OfType<ITypeSymbol>().ToImmutableHashSet(SymbolEqualityComparer.Default);
        return type.GetTypeMembers()
            .Where(t => !t.IsAbstract && SymbolEqualityComparer.Default.Equals(t.BaseType?.OriginalDefinition, type.OriginalDefinition))
            .All(handled.Contains);
    }

    // The record's own copy constructor is protected, so it may be anything.
    private static bool IsClosed(INamedTypeSymbol type) => type.IsAbstract && type.InstanceConstructors.All(c =>
        c.DeclaredAccessibility == Accessibility.Private
        || (type.IsRecord && c.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(c.Parameters[0].Type, type)));

    private static IEnumerable<IPatternOperation> Alternatives(IPatternOperation pattern) =>
        pattern is IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either
            ? Alternatives(either.LeftPattern).Concat(Alternatives(either.RightPattern))
            : new[] { pattern };

    // Null when the pattern also tests contents.
    private static ITypeSymbol? TypeAcceptedWhole(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation d => d.MatchedType,
        ITypePatternOperation t => t.MatchedType,
        IRecursivePatternOperation r when r.PropertySubpatterns.IsEmpty && r.DeconstructionSubpatterns.All(s =>
            s is IDiscardPatternOperation or IDeclarationPatternOperation { MatchesNull: true }) => r.MatchedType,
        _ => null,
    };
}
