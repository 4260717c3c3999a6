using System.Text;

namespace Kea.Benchmarks;

/// <summary>Writes a Kea project of a wanted size: modules of functions of a dozen lines with arithmetic, records, enums, lists and matches.</summary>
public static class ProjectGenerator
{
    /// <summary>Lines of one generated unit (a function group with its types).</summary>
    private const int LinesPerUnit = 50;

    /// <summary>Makes about <paramref name="lines"/> lines in <paramref name="modules"/> modules and an entry <c>main.kea</c>; returns the entry's path and the true count.</summary>
    public static (string Entry, int Lines) Write(string folder, int modules, int lines)
    {
        Directory.CreateDirectory(folder);
        var units = Math.Max(1, lines / modules / LinesPerUnit);
        var total = 0;
        for (var m = 0; m < modules; m++)
        {
            var text = Module(m, units);
            total += text.AsSpan().Count('\n');
            File.WriteAllText(Path.Combine(folder, $"part{m}.kea"), text);
        }
        var main = new StringBuilder("use IO\n");
        for (var m = 0; m < modules; m++) main.Append($"use Part{m}\n");
        main.Append("\nfn main() -[IO]> ()\n  let total = 0\n");
        for (var m = 0; m < modules; m++) main.Append($"  let total = (total + Part{m}.run0({m})) % 1000003\n");
        main.Append("  IO.println(\"{total}\")\n");
        var entry = Path.Combine(folder, "main.kea");
        File.WriteAllText(entry, main.ToString());
        return (entry, total + main.ToString().AsSpan().Count('\n'));
    }

    private static string Module(int module, int units)
    {
        var text = new StringBuilder("@nodoc\n\nuse Text\n");
        if (module > 0) text.Append($"use Part{module - 1}\n\n");
        for (var u = 0; u < units; u++) Unit(text, module, u, u + 1 < units);
        return text.ToString();
    }

    private static void Unit(StringBuilder text, int module, int unit, bool hasNext)
    {
        var next = hasNext ? $"run{unit + 1}(sum % 97)" : module > 0 ? $"Part{module - 1}.run0(sum % 89)" : "sum % 83";
        text.Append($$"""
            @derive(Eq, Show)
            struct Item{{unit}}
              name: String
              units: Int
              price: Float

            enum Event{{unit}}
              Added(Item{{unit}})
              Removed(name: String, units: Int)
              Cleared

            doc The effect of one event on a stock of `level` units.
            fn apply{{unit}}(level: Int, event: Event{{unit}}) -> Int
              case event
                Added(item) when item.units > 100 ->
                  let most = 100
                  level + most
                Added(item) -> level + item.units
                Removed(name, units) ->
                  let cost = Text.length(name) * 2
                  if units > level then 0 else level - units + cost % 3
                Cleared -> 0

            fn mix{{unit}}(x: Int, salt: Int) -> Int
              let a = x * 3 + {{unit % 100}} + salt
              let b = a % 1009
              let c = if b > 500
                b - 7
              else
                b + 7
              let d = c * c % 10007
              let e = d + a % 13
              let h = if e % 2 == 0 then e / 2 else 3 * e + 1
              h % 65521 + c

            fn events{{unit}}(n: Int) -> List Event{{unit}}
              if n <= 0
                []
              else
                let item = Item{{unit}} { name: "item {n}", units: mix{{unit}}(n, 1) % 150, price: 1.5 }
                Cons(Added(item), Cons(Removed(item.name, units: n % 7), events{{unit}}(n - 1)))

            fn run{{unit}}(seed: Int) -> Int
              let level = List.fold(events{{unit}}(seed % 5 + 1), 0, |l, e| apply{{unit}}(l, e))
              let sum = level + mix{{unit}}(seed, {{module}})
              {{next}}


            """.Replace("Removed(item.name, units: n % 7)", "Removed(name: item.name, units: n % 7)"));
    }
}
