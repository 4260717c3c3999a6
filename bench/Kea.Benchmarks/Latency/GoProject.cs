using System.Text;

namespace Kea.Benchmarks.Latency;

/// <summary>The generated project in Go: a package for each module.</summary>
internal sealed class GoProject : PeerProject
{
    protected override string FileOf(int module) => $"part{module}/part{module}.go";

    protected override string Module(int module, int groups)
    {
        var text = new StringBuilder($"package part{module}\n\nimport (\n");
        if (module > 0) text.Append($"\t\"bench/part{module - 1}\"\n");
        text.Append("\t\"fmt\"\n)\n\n");
        for (var g = 0; g < groups; g++) text.Append(Group(module, g, g + 1 < groups)).Append('\n');
        return text.ToString();
    }

    private static string Group(int module, int group, bool hasNext)
    {
        var next = hasNext ? $"Run{group + 1}(sum % 97)" : module > 0 ? $"part{module - 1}.Run0(sum % 89)" : "sum % 83";
        return $$"""
            type Item{{group}} struct {
            	Name  string
            	Units int64
            	Price float64
            }

            type Event{{group}} interface{ isEvent{{group}}() }
            type Added{{group}} struct{ Item Item{{group}} }
            type Removed{{group}} struct {
            	Name  string
            	Units int64
            }
            type Cleared{{group}} struct{}

            func (Added{{group}}) isEvent{{group}}()   {}
            func (Removed{{group}}) isEvent{{group}}() {}
            func (Cleared{{group}}) isEvent{{group}}() {}

            // Apply{{group}} is the effect of one event on a stock of level units.
            func Apply{{group}}(level int64, event Event{{group}}) int64 {
            	switch e := event.(type) {
            	case Added{{group}}:
            		if e.Item.Units > 100 {
            			const most = 100
            			return level + most
            		}
            		return level + e.Item.Units
            	case Removed{{group}}:
            		cost := int64(len(e.Name)) * 2
            		if e.Units > level {
            			return 0
            		}
            		return level - e.Units + cost%3
            	}
            	return 0
            }

            func Mix{{group}}(x, salt int64) int64 {
            	a := x*3 + {{group % 100}} + salt
            	b := a % 1009
            	c := b + 7
            	if b > 500 {
            		c = b - 7
            	}
            	d := c * c % 10007
            	e := d + a%13
            	h := 3*e + 1
            	if e%2 == 0 {
            		h = e / 2
            	}
            	return h%65521 + c
            }

            func Events{{group}}(n int64) []Event{{group}} {
            	if n <= 0 {
            		return nil
            	}
            	item := Item{{group}}{Name: fmt.Sprintf("item %d", n), Units: Mix{{group}}(n, 1) % 150, Price: 1.5}
            	return append([]Event{{group}}{ Added{{group}}{item}, Removed{{group}}{item.Name, n % 7} }, Events{{group}}(n-1)...)
            }

            func Run{{group}}(seed int64) int64 {
            	level := int64(0)
            	for _, e := range Events{{group}}(seed%5 + 1) {
            		level = Apply{{group}}(level, e)
            	}
            	sum := level + Mix{{group}}(seed, {{module}})
            	return {{next}}
            }

            """;
    }

    protected override IEnumerable<(string Path, string Text)> Rest(int modules)
    {
        var imports = string.Concat(Enumerable.Range(0, modules).Select(m => $"\t\"bench/part{m}\"\n"));
        var calls = string.Concat(Enumerable.Range(0, modules).Select(m => $"\ttotal = (total + part{m}.Run0({m})) % 1000003\n"));
        return [("go.mod", "module bench\n\ngo 1.19\n"), ("main.go", $"package main\n\nimport (\n{imports}\t\"fmt\"\n)\n\nfunc main() {{\n\ttotal := int64(0)\n{calls}\tfmt.Println(total)\n}}\n")];
    }
}
