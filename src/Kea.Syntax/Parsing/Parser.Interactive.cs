using Kea.Source;

namespace Kea.Syntax;

/// <summary>Interactive input (5.7).</summary>
internal sealed partial class Parser
{
    public static Phase<InteractiveInput> ParseInteractive(SourceText source)
    {
        var bag = new DiagnosticBag();
        var messages = new SyntaxMessages(source, bag);
        var tokens = TokenStream.Of(source.Text, 0, source.Text.Length, messages);
        var parser = new Parser(source, messages, new NamePool(), tokens, 0);
        var input = parser.ParseInput(tokens);
        return new Phase<InteractiveInput>(input, SyntaxMessages.InOrder(bag));
    }

    private InteractiveInput ParseInput(Token[] tokens)
    {
        SkipNewLines();
        Declaration? declaration = null;
        Expression? statement = null;
        if (!AtEnd)
        {
            if (AtInputDeclaration) declaration = ParseDeclaration();
            else
            {
                statement = ParseStatement();
                EndStatement("unexpected token after expression");
            }
            SkipNewLines();
            if (!AtEnd) Expected("expected one declaration or statement");
        }
        return new InteractiveInput(_source, declaration, statement, IsIncomplete(tokens));
    }

    private bool AtInputDeclaration => Kind switch
    {
        TokenKind.Fn or TokenKind.Expr => TokenFacts.IsLower(PeekKind(1)),
        TokenKind.At => PeekKind(1) != TokenKind.Lower || !AtTailrec,
        TokenKind.Upper => AtImplementation,
        _ => BeginsDeclaration,
    };

    private bool AtTailrec
    {
        get
        {
            var span = _tokens[_position + 1].Span;
            return _text.AsSpan(span.Start, span.Length) is "tailrec";
        }
    }

    /// <summary><c>Type params as Trait</c> with a block or <c>where</c> behind it; without them it is an ascription.</summary>
    private bool AtImplementation
    {
        get
        {
            var seenAs = false;
            for (var i = _position; ; i++)
            {
                switch (_tokens[i].Kind)
                {
                    case TokenKind.NewLine: return seenAs && _tokens[i + 1].Kind == TokenKind.Indent;
                    case TokenKind.Where: return seenAs;
                    case TokenKind.EndOfFile: return false;
                    case TokenKind.As: seenAs = true; break;
                    case TokenKind.Upper or TokenKind.Dot or TokenKind.Comma: break;
                    case TokenKind.OpenParen or TokenKind.CloseParen: break;
                    default:
                        if (!TokenFacts.IsLower(_tokens[i].Kind)) return false;
                        break;
                }
            }
        }
    }

    /// <summary>Judged by tokens, so that a prompt can ask for another line whatever the parser said.</summary>
    private static bool IsIncomplete(Token[] tokens)
    {
        var depth = 0;
        var last = -1;
        for (var i = 0; i < tokens.Length; i++)
        {
            var kind = tokens[i].Kind;
            if (TokenFacts.IsOpener(kind)) depth++;
            if (TokenFacts.IsCloser(kind) && depth > 0) depth--;
            if (kind is not (TokenKind.NewLine or TokenKind.Dedent or TokenKind.EndOfFile)) last = i;
        }
        if (last < 0) return false;
        return depth > 0 || TokenFacts.IsTrailingOpen(tokens[last].Kind) || EndsInHeader(tokens, last);
    }

    /// <summary>Does the last line begin a block that has not been written?</summary>
    private static bool EndsInHeader(Token[] tokens, int last)
    {
        if (tokens[last].Kind is TokenKind.Arrow or TokenKind.Else or TokenKind.Then or TokenKind.Unsafe) return true;
        var first = last;
        while (first > 0 && tokens[first - 1].Kind is not (TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent)) first--;
        var hasThen = false;
        for (var i = first; i <= last; i++)
        {
            var kind = tokens[i].Kind;
            hasThen |= kind == TokenKind.Then;
            var opensBlock = kind switch
            {
                TokenKind.If => !hasThen && !ContainsThen(tokens, i, last),
                TokenKind.Case or TokenKind.Cond or TokenKind.Handle or TokenKind.For or TokenKind.While => true,
                TokenKind.Struct or TokenKind.Enum or TokenKind.Trait or TokenKind.Effect or TokenKind.Test => true,
                TokenKind.Fn or TokenKind.Expr => TokenFacts.IsLower(tokens[i + 1].Kind) && !IsDeclaredOnly(tokens, i),
                _ => false,
            };
            if (opensBlock) return true;
        }
        return false;
    }

    /// <summary>What a trait or an effect asks for has no body; a trait's may have one.</summary>
    private static bool IsDeclaredOnly(Token[] tokens, int function)
    {
        var (level, isAsked) = (0, false);
        for (var i = 0; i < function; i++)
            switch (tokens[i].Kind)
            {
                case TokenKind.Indent: level++; break;
                case TokenKind.Dedent: isAsked &= --level > 0; break;
                case TokenKind.Trait or TokenKind.Effect when level == 0: isAsked = true; break;
            }
        return isAsked && level == 1;
    }

    private static bool ContainsThen(Token[] tokens, int from, int last)
    {
        for (var i = from; i <= last; i++) if (tokens[i].Kind == TokenKind.Then) return true;
        return false;
    }
}
