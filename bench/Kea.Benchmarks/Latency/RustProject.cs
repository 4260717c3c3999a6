using System.Text;

namespace Kea.Benchmarks.Latency;

/// <summary>The generated project in Rust: one crate, as the unit that rustc's incremental compilation works on.</summary>
internal sealed class RustProject : PeerProject
{
    protected override string FileOf(int module) => $"src/part{module}.rs";

    protected override string Module(int module, int groups)
    {
        var text = new StringBuilder();
        if (module > 0) text.Append($"use crate::part{module - 1};\n\n");
        for (var g = 0; g < groups; g++) text.Append(Group(module, g, g + 1 < groups)).Append('\n');
        return text.ToString();
    }

    private static string Group(int module, int group, bool hasNext)
    {
        var next = hasNext ? $"run{group + 1}(sum % 97)" : module > 0 ? $"part{module - 1}::run0(sum % 89)" : "sum % 83";
        return $$"""
            #[derive(PartialEq, Debug)]
            pub struct Item{{group}} {
                pub name: String,
                pub units: i64,
                pub price: f64,
            }

            pub enum Event{{group}} {
                Added(Item{{group}}),
                Removed { name: String, units: i64 },
                Cleared,
            }

            /// The effect of one event on a stock of `level` units.
            pub fn apply{{group}}(level: i64, event: &Event{{group}}) -> i64 {
                match event {
                    Event{{group}}::Added(item) if item.units > 100 => {
                        let most = 100;
                        level + most
                    }
                    Event{{group}}::Added(item) => level + item.units,
                    Event{{group}}::Removed { name, units } => {
                        let cost = name.len() as i64 * 2;
                        if *units > level {
                            0
                        } else {
                            level - units + cost % 3
                        }
                    }
                    Event{{group}}::Cleared => 0,
                }
            }

            pub fn mix{{group}}(x: i64, salt: i64) -> i64 {
                let a = x * 3 + {{group % 100}} + salt;
                let b = a % 1009;
                let c = if b > 500 { b - 7 } else { b + 7 };
                let d = c * c % 10007;
                let e = d + a % 13;
                let h = if e % 2 == 0 { e / 2 } else { 3 * e + 1 };
                h % 65521 + c
            }

            pub fn events{{group}}(n: i64) -> Vec<Event{{group}}> {
                if n <= 0 {
                    return vec![Event{{group}}::Cleared];
                }
                let item = Item{{group}} { name: format!("item {n}"), units: mix{{group}}(n, 1) % 150, price: 1.5 };
                let name = item.name.clone();
                let mut all = vec![Event{{group}}::Added(item), Event{{group}}::Removed { name, units: n % 7 }];
                all.extend(events{{group}}(n - 1));
                all
            }

            pub fn run{{group}}(seed: i64) -> i64 {
                let level = events{{group}}(seed % 5 + 1).iter().fold(0, |l, e| apply{{group}}(l, e));
                let sum = level + mix{{group}}(seed, {{module}});
                {{next}}
            }

            """;
    }

    protected override IEnumerable<(string Path, string Text)> Rest(int modules)
    {
        var declared = string.Concat(Enumerable.Range(0, modules).Select(m => $"mod part{m};\n"));
        var calls = string.Concat(Enumerable.Range(0, modules).Select(m => $"    total = (total + part{m}::run0({m})) % 1000003;\n"));
        return
        [
            ("Cargo.toml", "[package]\nname = \"bench\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n"),
            ("src/main.rs", $"#![allow(dead_code)]\n\n{declared}\nfn main() {{\n    let mut total: i64 = 0;\n{calls}    println!(\"{{total}}\");\n}}\n"),
        ];
    }
}
