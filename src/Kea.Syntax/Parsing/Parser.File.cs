using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>A file: its annotations, its documentation, its declarations (5.1).</summary>
internal sealed partial class Parser
{
    private readonly Scratch<Declaration> _declarations = new();
    private readonly Scratch<Annotation> _annotations = new();

    public static Phase<SyntaxTree> ParseFile(SourceText source)
    {
        var bag = new DiagnosticBag();
        var messages = new SyntaxMessages(source, bag);
        var tokens = TokenStream.Of(source.Text, 0, source.Text.Length, messages);
        var parser = new Parser(source, messages, new NamePool(), tokens, 0);
        var annotations = parser.ParseFileAnnotations();
        var moduleDoc = parser.ParseModuleDoc();
        var declarations = parser.ParseDeclarations();
        var tree = new SyntaxTree(source, ImmutableCollectionsMarshal.AsImmutableArray(tokens), annotations, moduleDoc, declarations);
        return new Phase<SyntaxTree>(tree, SyntaxMessages.InOrder(bag));
    }

    private ImmutableArray<Annotation> ParseFileAnnotations()
    {
        var mark = _annotations.Mark;
        SkipNewLines();
        while (Kind == TokenKind.At && AtFileAnnotation)
        {
            var annotation = ParseAnnotation();
            CheckFileAnnotation(annotation);
            _annotations.Add(annotation);
            EndStatement("unexpected token after annotation");
            SkipNewLines();
        }
        return _annotations.Take(mark);
    }

    private bool AtFileAnnotation
    {
        get
        {
            ref readonly var name = ref _tokens[_position + 1];
            return name.Kind == TokenKind.Lower
                && _text.AsSpan(name.Span.Start, name.Span.Length) is "nodoc" or "install";
        }
    }

    private void CheckFileAnnotation(Annotation annotation)
    {
        if (annotation.Name.Text == "nodoc")
        {
            if (annotation.HasParentheses) _messages.Rule(annotation.Span, "`@nodoc` does not accept arguments");
            return;
        }
        if (annotation.Arguments.IsEmpty)
            _messages.Rule(annotation.Span, "`@install` expects dependencies, each a string such as \"csv 2.1\"");
        foreach (var argument in annotation.Arguments)
        {
            if (argument is { Label: null, Value: Expression.Literal { Value: LiteralValue.String } }) continue;
            _messages.Rule(argument.Value.Span, "`@install` expects string literals");
        }
    }

    /// <summary>The first doc block of a file, if a blank line follows it (1.4.2).</summary>
    private DocBlock? ParseModuleDoc()
    {
        if (Kind != TokenKind.Doc || !BlankLineFollows) return null;
        var doc = TakeDoc();
        SkipNewLines();
        return doc;
    }

    private ImmutableArray<Declaration> ParseDeclarations()
    {
        var mark = _declarations.Mark;
        var reported = false;
        while (true)
        {
            SkipNewLines();
            if (AtEnd) break;
            if (Kind == TokenKind.Dedent)
            {
                Advance();
                continue;
            }
            if (Kind == TokenKind.Indent || !BeginsDeclaration)
            {
                // One report for a run of lines that declare nothing.
                if (!reported) Expected("expected declaration");
                reported = true;
                var stuck = _position;
                if (Kind == TokenKind.Indent) SkipBlock();
                else SkipLine();
                if (_position == stuck) Advance();
                continue;
            }
            reported = false;
            var before = _position;
            if (ParseDeclaration() is { } declaration) _declarations.Add(declaration);
            if (_position == before) Advance();
        }
        return _declarations.Take(mark);
    }

    private bool BeginsDeclaration => Kind is
        TokenKind.Doc or TokenKind.At or TokenKind.Pub or TokenKind.Use or TokenKind.Import or TokenKind.Test or
        TokenKind.Fn or TokenKind.Expr or TokenKind.Struct or TokenKind.Enum or TokenKind.Type or TokenKind.Alias or
        TokenKind.Opaque or TokenKind.Trait or TokenKind.Effect or TokenKind.Const or TokenKind.Upper or TokenKind.Impl;

    /// <summary>One declaration with what stands before it; null when only a doc block or annotation was left over.</summary>
    private Declaration? ParseDeclaration()
    {
        var start = Start;
        var header = ParseHeader();
        if (!BeginsDeclaration || Kind is TokenKind.Doc or TokenKind.At or TokenKind.Pub)
        {
            ReportHeaderWithoutDeclaration(header, start);
            if (Kind is not (TokenKind.Dedent or TokenKind.NewLine or TokenKind.EndOfFile)) SkipLine();
            return new Declaration.Error(header, SpanFrom(start));
        }
        var declaration = ParseDeclarationAfter(header, start);
        // After an error the line end may have been skipped as a continuation.
        if (!BeginsDeclaration || !OnNewLine) EndStatement("unexpected token after declaration");
        return declaration;
    }

    private void ReportHeaderWithoutDeclaration(Header header, int start)
    {
        if (header is { Doc: { } doc, Annotations.IsEmpty: true, IsPublic: false }
            && Kind is TokenKind.EndOfFile or TokenKind.Dedent or TokenKind.NewLine)
            _messages.Error(doc.Span, "doc comments can only be attached to declarations and their members");
        else if (header is { Doc: null, Annotations.IsEmpty: true, IsPublic: false }
            && Kind is TokenKind.EndOfFile or TokenKind.Dedent or TokenKind.NewLine && _lastEnd > start) return;
        else Expected("expected declaration");
    }

    private Declaration ParseDeclarationAfter(Header header, int start)
    {
        switch (Kind)
        {
            case TokenKind.Use or TokenKind.Import: return ParseUse(header, start);
            case TokenKind.Test: return ParseTest(header, start);
            case TokenKind.Fn or TokenKind.Expr: return ParseFunction(header, start, FunctionPlace.Module);
            case TokenKind.Struct: return ParseStruct(header, start);
            case TokenKind.Enum: return ParseEnum(header, start);
            case TokenKind.Type or TokenKind.Alias: return ParseAlias(header, start);
            case TokenKind.Opaque: return ParseOpaque(header, start);
            case TokenKind.Trait: return ParseTrait(header, start);
            case TokenKind.Effect: return ParseEffect(header, start);
            case TokenKind.Const: return ParseConst(header, start);
            default: return ParseImplementation(header, start);
        }
    }

    // What stands before declarations and members.

    private Header ParseHeader()
    {
        var doc = ParseDocComments();
        if (Kind is not (TokenKind.Doc or TokenKind.At or TokenKind.Pub))
            return doc is null ? Header.None : new Header(doc, [], false);
        var mark = _annotations.Mark;
        while (Kind is TokenKind.Doc or TokenKind.At)
        {
            if (Kind == TokenKind.Doc) doc = ParseAttachedDoc(doc);
            else _annotations.Add(ParseAnnotation());
            if (Kind == TokenKind.NewLine && PeekKind(1) != TokenKind.Indent) SkipNewLines();
        }
        return new Header(doc, _annotations.Take(mark), Accept(TokenKind.Pub));
    }

    private DocBlock? ParseAttachedDoc(DocBlock? before)
    {
        var floats = BlankLineFollows;
        var doc = TakeDoc();
        if (floats)
        {
            _messages.Error(doc.Span, "floating doc block", "remove the blank line after it, or the block");
            return before;
        }
        if (Kind == TokenKind.NewLine && PeekKind(1) == TokenKind.Doc)
            _messages.Error(doc.Span, "doc comments can only be attached to declarations and their members");
        return doc;
    }

    private bool BlankLineFollows
    {
        get
        {
            var from = Current.Span.End;
            var next = _position + 1;
            while (_tokens[next].Kind is TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent) next++;
            return DocText.HasBlankLine(_text.AsSpan(from, _tokens[next].Span.Start - from));
        }
    }

    private DocBlock TakeDoc()
    {
        var span = Current.Span;
        var doc = new DocBlock(DocText.Of(_text, span), span);
        Advance();
        return doc;
    }

    /// <summary><c>--|</c> lines directly above the token at hand (1.4.3).</summary>
    private DocBlock? ParseDocComments()
    {
        ref readonly var token = ref Current;
        if (token.TriviaStart == token.Span.Start) return null;
        var trivia = new TextSpan(token.TriviaStart, token.Span.Start);
        return _text.AsSpan(trivia.Start, trivia.Length).Contains("--|", StringComparison.Ordinal)
            ? DocText.OfComments(_text, trivia)
            : null;
    }

    private ImmutableArray<Annotation> ParseAnnotations()
    {
        if (Kind != TokenKind.At) return [];
        var mark = _annotations.Mark;
        while (Kind == TokenKind.At)
        {
            _annotations.Add(ParseAnnotation());
            if (Kind == TokenKind.NewLine) SkipNewLines();
        }
        return _annotations.Take(mark);
    }

    private Annotation ParseAnnotation()
    {
        var start = Start;
        Advance();
        var name = MissingName();
        if (AtLower || Kind is TokenKind.Upper or TokenKind.With or TokenKind.Unsafe or TokenKind.Test) name = TakeName();
        else Expected("expected annotation name after @");
        var hasParentheses = Kind == TokenKind.OpenParen && !OnNewLine;
        var arguments = hasParentheses ? ParseArguments(takesReceiver: false) : [];
        return new Annotation(name, arguments, hasParentheses, SpanFrom(start));
    }

    private void NoAnnotations(Header header, string what)
    {
        if (header.Annotations.IsEmpty) return;
        _messages.Error(header.Annotations[0].Span, $"annotations are not supported on {what}");
    }

    private void NotPublic(Header header, string what)
    {
        if (header.IsPublic) _messages.Error(SpanOfCurrent(), $"`pub` is not allowed on {what}");
    }
}
