namespace Kea.Driver.Tests.Incremental;

/// <summary>A project by its choices.</summary>
internal sealed record RandomSource
{
    public const int Kinds = 39;

    private int Constant { get; init; }
    private int Cost { get; init; } = 1;
    private bool HasNote { get; init; }
    private bool IsSwapped { get; init; }
    private int Variants { get; init; } = 1;
    private int Matched { get; init; } = 1;
    private int Defaults { get; init; }
    private bool IsFloat { get; init; }
    private bool HasHelper { get; init; }
    private bool CallsHelper { get; init; }
    private bool HasMethod { get; init; } = true;
    private bool ShowsByHand { get; init; }
    private bool IsGenericWide { get; init; }
    private bool Fails { get; init; } = true;
    private int Lambdas { get; init; }
    private bool HasConst { get; init; }
    private int Factor { get; init; } = 5;
    private bool IsListConst { get; init; }
    private bool IsPriced { get; init; } = true;
    private bool IsDoubledByHand { get; init; }
    private bool TripleIsDefault { get; init; }
    public bool HasExtra { get; private init; }
    private bool ImportsExtra { get; init; }
    private bool NamesExtra { get; init; }
    private int Extras { get; init; }
    private bool HasSuper { get; init; } = true;
    private bool NeedsSuper { get; init; } = true;
    private bool DoublesTake { get; init; }
    private bool ImplementsInt { get; init; } = true;
    private bool IntIsDoubled { get; init; }
    private bool UsesInt { get; init; } = true;
    private bool HasScore { get; init; }
    private bool CallsScore { get; init; }
    private bool AmountIsFloat { get; init; }
    private bool AmountIsOpaque { get; init; }
    private bool MoneyIsFloat { get; init; }
    private bool HasOwnAmount { get; init; }
    private int Operations { get; init; } = 1;
    private bool RowIsWide { get; init; } = true;
    private int CellFields { get; init; } = 1;
    private bool HeldIsText { get; init; }
    private bool HoldsByHand { get; init; }

    public RandomSource Edited(int kind, int value) => kind switch
    {
        0 => this with { Constant = value },
        1 => this with { Cost = value % 3 },
        2 => this with { HasNote = !HasNote },
        3 => this with { IsSwapped = !IsSwapped },
        4 => this with { Variants = 1 + value % 3, Matched = 1 + value % 3 },
        5 => this with { Variants = 1 + value % 3 },
        6 => this with { Defaults = value % 3 },
        7 => this with { IsFloat = !IsFloat },
        8 => this with { HasHelper = !HasHelper },
        9 => this with { CallsHelper = !CallsHelper, HasHelper = !CallsHelper || HasHelper },
        10 => this with { HasMethod = !HasMethod },
        11 => this with { ShowsByHand = !ShowsByHand },
        12 => this with { IsGenericWide = !IsGenericWide },
        13 => this with { Fails = !Fails },
        14 => this with { Lambdas = value % 4 },
        15 => this with { HasConst = !HasConst },
        16 => this with { Factor = value % 3, HasConst = true },
        17 => this with { IsListConst = !IsListConst },
        18 => this with { IsPriced = !IsPriced },
        19 => this with { IsDoubledByHand = !IsDoubledByHand },
        20 => this with { TripleIsDefault = !TripleIsDefault },
        21 => this with { ImportsExtra = !ImportsExtra, HasExtra = !ImportsExtra || HasExtra },
        22 => this with { HasExtra = !HasExtra },
        23 => this with { NamesExtra = !NamesExtra },
        24 => this with { Extras = value % 3 },
        25 => this with { HasSuper = !HasSuper, NeedsSuper = value % 3 == 0 },
        26 => this with { DoublesTake = !DoublesTake },
        27 => this with { ImplementsInt = !ImplementsInt, UsesInt = value % 3 == 0 ? UsesInt : !ImplementsInt },
        28 => this with { IntIsDoubled = !IntIsDoubled },
        29 => this with { HasScore = !HasScore },
        30 => this with { CallsScore = !CallsScore, HasScore = !CallsScore || HasScore },
        31 => this with { AmountIsFloat = !AmountIsFloat },
        32 => this with { AmountIsOpaque = !AmountIsOpaque },
        33 => this with { MoneyIsFloat = !MoneyIsFloat },
        34 => this with { HasOwnAmount = !HasOwnAmount },
        36 => this with { CellFields = 1 + value % 3 },
        37 => this with { HeldIsText = !HeldIsText },
        38 => this with { HoldsByHand = !HoldsByHand },
        _ => this with { Operations = value % 3, RowIsWide = value % 4 != 0 },
    };

    public (string Name, string Text)[] Files() => [("app.kea", App), ("shop.kea", Shop), ("tools.kea", Tools), ("names.kea", Names), .. HasExtra ? [("extra.kea", Extra)] : Array.Empty<(string, string)>()];

    private string Fields => IsSwapped ? "  cost: Int\n  name: String\n" : "  name: String\n  cost: Int\n";

    private string Shop => $$"""
        @nodoc

        use List
        use Tools
        {{(ImportsExtra ? NamesExtra ? "use Extra.{bonus, Extra}\n" : "use Extra\n" : "")}}
        @derive({{(ShowsByHand ? "Eq" : "Eq, Show")}})
        struct Item
        {{Fields}}{{(HasNote ? "  @default(7)\n  note: Int\n" : "")}}{{(HasMethod ? "\n  fn worth(_ self: Item) -> Int\n    self.cost * 2\n" : "")}}
        {{(ShowsByHand ? "Item as Show\n  fn show(_ self: Item) -> String\n    self.name\n\n" : "")}}{{(IsPriced ? $"Item as Priced\n  fn price(_ self: Item) -> Int\n    self.cost\n{(IsDoubledByHand ? "\n  fn doubled(_ self: Item) -> Int\n    self.cost + self.cost + 1\n" : "")}\n" : "")}}@derive(Eq)
        struct Order
          items: List Item
          paid: Bool

        enum Event
        {{string.Concat(Enumerable.Range(0, Variants).Select(i => $"  E{i}(Item)\n"))}}
        fn item(n: Int) -> Item
          Item { name: "i{n}", cost: n{{(HasNote ? ", note: n" : "")}} }

        fn total(order: Order{{string.Concat(Enumerable.Range(0, Defaults).Select(i => $", d{i}: Int = {i + 3}"))}}) -> {{(IsFloat ? "Float" : "Int")}}
          let sum = List.fold(order.items, {{Constant}}, |sum, one| sum + one.cost * {{Cost}})
          {{(IsFloat ? "Int.to_float(sum)" : "sum")}}

        fn passed_on(order: Order) -> Order
          Tools.twice(|o| o, order)

        fn same(n: Int) -> Bool
          let pair = (passed_on(some(n)), n)
          pair == (passed_on(some(n)), n)

        fn some(n: Int) -> Order
          Order { items: [item(n)], paid: true }

        fn weight(event: Event) -> Int
          case event
        {{string.Concat(Enumerable.Range(0, Matched).Select(i => $"    E{i}(one) -> one.cost + {i}\n"))}}
        fn unrelated(n: Int) -> Int
          {{(CallsHelper ? "helper(n)" : "n + 1")}}{{(ImportsExtra ? NamesExtra ? " + bonus(Extra { by: n })" : " + Extra.bonus(Extra { by: 2 })" : "")}}{{(IsPriced ? " + Tools.prices([item(n)])" : "")}}

        {{(HasHelper ? "fn helper(n: Int) -> Int\n  Tools.twice(|x| x * 3, n)\n" : "")}}
        """;

    private string Tools => $$"""
        @nodoc

        use List

        {{(HasConst ? $"const factor: Int = {Factor}\n\nconst table: List Int = {(IsListConst ? "[factor, 2]" : "[]")}\n\nconst again: Int = factor\n\n" : "")}}trait Priced{{(HasSuper ? ": Show" : "")}}
          fn price(_ self: Self) -> Int

        {{string.Concat(Enumerable.Range(0, Extras).Select(i => $"  fn more{i}(_ self: Self) -> Int\n    List.fold([1, {i}], 0, |sum, x| sum + x * self.price())\n\n"))}}  fn doubled(_ self: Self{{(DoublesTake ? ", by: Int = 2" : "")}}) -> Int
            {{(TripleIsDefault ? "self.price() * 3" : DoublesTake ? "self.price() * by" : "self.price() * 2")}}

        {{(HasScore ? "trait Scored\n  fn score(_ self: Self) -> Int\n\n  fn scored(_ self: Self) -> Int\n    self.score() + 1\n\nInt as Scored\n  fn score(_ self: Int) -> Int\n    self + 2\n\n" : "")}}{{(ImplementsInt ? $"Int as Priced\n  fn price(_ self: Int) -> Int\n    self + 1\n\n{(IntIsDoubled ? $"  fn doubled(_ self: Int{(DoublesTake ? ", by: Int = 2" : "")}) -> Int\n    self + self + 1\n\n" : "")}" : "")}}struct Tag(a)
          of: a

        Tag a as Show where a: Priced
          fn show(_ self: Tag a) -> String
            "tag {self.of.price()}"

        fn prices(xs: List a) -> Int where a: Priced
          List.fold(xs, 0, |sum, x| sum + x.doubled())

        fn labelled(x: a) -> String where a: Priced
          "{{(NeedsSuper ? "{x}" : "")}} {x.price()}"

        fn twice(f: fn(a) -> a, x: a{{(IsGenericWide ? ", again: Bool = false" : "")}}) -> a
          {{(IsGenericWide ? "if again then f(f(f(x))) else f(f(x))" : "f(f(x))")}}

        fn checked(n: Int) {{(Fails ? "-[Fail String]>" : "->")}} Int
          {{(Fails ? "if n < 0 then fail \"below\" else n" : "n")}}

        fn many(n: Int) -> Int
          {{string.Concat(Enumerable.Range(0, Lambdas).Select(i => $"let n = twice(|x| x + {i}, n)\n  "))}}n{{(HasConst ? " + again + List.fold(table, 0, |sum, x| sum + x)" : "")}}

        """;

    private string Names => $$"""
        @nodoc

        use Tools

        type Amount = {{(AmountIsFloat ? "Float" : "Int")}}

        type Row = [{{(RowIsWide ? "Ticking, Fail Amount" : "Fail Amount")}}]

        effect Ticking
          fn tick() -> Int
        {{string.Concat(Enumerable.Range(0, Operations).Select(i => $"  fn more{i}(by: Amount) -> Amount\n"))}}
        opaque Money = {{(MoneyIsFloat ? "Float" : "Int")}}

        {{(AmountIsOpaque ? "opaque Wrapped = Amount" : "struct Wrapped\n  value: Amount")}}

        struct Purse
          holds: List Amount

        @unboxed
        struct Cell
        {{string.Concat(Enumerable.Range(0, CellFields).Select(i => $"  x{i}: Amount\n"))}}
        const cell: Int = size_of(Cell)

        trait Holding
          type Held = {{(HeldIsText ? "String" : "Amount")}}

          fn held(_ self: Self) -> Self.Held

          fn both(_ self: Self) -> (Self.Held, Self.Held)
            (self.held(), self.held())

        Purse as Holding{{(HoldsByHand ? " where Held = Int" : "")}}
          fn held(_ self: Purse) -> {{(HoldsByHand ? "Int\n    3" : HeldIsText ? "String\n    \"purse\"" : "Amount\n    amount(2)")}}

        Int as Holding where Held = Int
          fn held(_ self: Int) -> Int
            self

        fn held_by(x: a) -> a.Held where a: Holding
          x.held()

        fn purse(x: Amount) -> Purse
          Purse { holds: [x] }

        fn amount(n: Int) -> Amount
          {{(AmountIsFloat ? "Int.to_float(n)" : "n")}}

        fn wrapped(x: Amount) -> Wrapped
          {{(AmountIsOpaque ? "Wrapped(x)" : "Wrapped { value: x }")}}

        fn money(n: Int) -> Money
          Money({{(MoneyIsFloat ? "Int.to_float(n)" : "n")}})

        fn spent(n: Int) -> String
          let purses = Tools.twice(|p| p, purse(wrapped(amount(n)).value))
          let spent = Tools.twice(|m| m, money(n))
          "{purses.holds} {spent.value} {cell} {held_by(purses)} {purses.both()} {held_by(n)} {n.both()}"

        fn ticked() -[Row]> Int
          Ticking.tick() + 1

        fn twice_ticked() -[Ticking, Fail Amount]> Int
          ticked() + ticked()

        fn raised() -[Ticking]> Amount
          {{(Operations > 0 ? "Ticking.more0(amount(2))" : "amount(Ticking.tick())")}}

        """;

    private static string Extra => """
        @nodoc

        struct Extra
          by: Int

        fn bonus(extra: Extra) -> Int
          extra.by * 2

        Extra as Eq
          fn eq(_ self: Extra, other: Extra) -> Bool
            self.by == other.by

        """;

    private string App => $$"""
        use IO
        use Live
        use Result
        use Step.{Continue, Step}
        use Shop
        use Tools
        use Names

        {{(HasOwnAmount ? "type Amount = String\n\nfn own(x: Amount) -> Amount\n  x\n\nstruct Wrapped\n  text: Amount\n" : "fn own(x: String) -> String\n  x\n")}}
        fn wrapping(x: Wrapped) -> {{(HasOwnAmount ? "Amount\n  x.text" : "Amount\n  x.value")}}

        fn step(n: Int) -[IO]> Step Int
          let order = Tools.twice(|o| o, Shop.Order { items: [Shop.item(n), Shop.item(2)], paid: false })
          IO.println("{Shop.total(order)} {Shop.unrelated(n)} {Shop.weight(Shop.E0(Shop.item(n)))} {Shop.item(1)} {Shop.item(n) == Shop.item(2)}")
          IO.println("{{(HasMethod ? "{Shop.item(3).worth()}" : "")}} {Tools.many(n)} {(n, Shop.item(4))} {Shop.same(n)}")
          IO.println("{own(Names.spent(n))} {{(UsesInt ? "{Tools.prices([n, 1])} {Tools.labelled(n)} {Tools.Tag { of: n }}" : "")}} {{(IsPriced ? "{Tools.labelled(Shop.item(n))} {Tools.Tag { of: Shop.item(n) }}" : "")}}")
          IO.println("{{(CallsScore ? "{n.scored()} {n.Scored.score()}" : "")}} {{(HasOwnAmount ? "{wrapping(Wrapped { text: \"x\" })}" : "{wrapping(Names.wrapped(Names.amount(n)))}")}}")
          case catch Tools.checked(n)
            Ok(m) -> Continue(m + 1)
            Err(_) -> Continue(0)

        fn main() -[IO, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;
}
