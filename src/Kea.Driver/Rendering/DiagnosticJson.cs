using System.Text.Encodings.Web;
using System.Text.Json;
using Kea.Source;

namespace Kea.Driver;

/// <summary>One JSON object per diagnostic and line (language reference 13.1, 4); offsets are bytes of the UTF-8 file.</summary>
public static class DiagnosticJson
{
    public static string One(Diagnostic diagnostic)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("severity", DiagnosticText.NameOf(diagnostic.Severity));
            writer.WriteString("code", diagnostic.Code);
            writer.WriteString("category", DiagnosticCatalog.CategoryOf(diagnostic.Code));
            writer.WriteString("message", diagnostic.Message);
            Place(writer, diagnostic.Primary?.Span);
            writer.WriteStartArray("labels");
            if (diagnostic.Primary is { Message.Length: > 0 } primary) Label(writer, primary);
            foreach (var label in diagnostic.Others) Label(writer, label);
            writer.WriteEndArray();
            if (!diagnostic.Notes.IsEmpty)
            {
                writer.WriteStartArray("notes");
                foreach (var note in diagnostic.Notes) writer.WriteStringValue(note);
                writer.WriteEndArray();
            }
            if (diagnostic.Help is null) writer.WriteNull("help");
            else writer.WriteString("help", diagnostic.Help);
            if (diagnostic.Fix is { } fix)
            {
                writer.WriteStartObject("fix");
                Place(writer, fix.Span);
                writer.WriteString("replacement", fix.Replacement);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Label(Utf8JsonWriter writer, Label label)
    {
        writer.WriteStartObject();
        Place(writer, label.Span);
        writer.WriteString("message", label.Message);
        writer.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter writer, SourceSpan? place)
    {
        if (place is not { } span)
        {
            writer.WriteNull("file");
            writer.WriteNull("start");
            writer.WriteNull("end");
            return;
        }
        writer.WriteString("file", span.Source.Path);
        writer.WriteNumber("start", span.Source.Lines.ByteOffset(span.Span.Start));
        writer.WriteNumber("end", span.Source.Lines.ByteOffset(span.Span.End));
    }
}
