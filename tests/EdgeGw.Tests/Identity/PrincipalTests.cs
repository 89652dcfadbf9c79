using EdgeGw.Identity;

namespace EdgeGw.Tests.Identity;

public sealed class PrincipalTests
{
    [Fact]
    public void Principals_that_say_the_same_are_equal_whatever_was_noted_of_them()
    {
        var noted = new Principal { User = "ann" };
        noted.StartNotes();
        var other = new Principal { User = "ann" };

        Assert.Equal(noted, other);
        Assert.Equal(noted.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(noted, new Principal { User = "bob" });
    }

    [Fact]
    public void Copy_of_a_principal_has_none_of_its_notes()
    {
        var noted = new Principal { User = "ann" };
        noted.StartNotes();
        noted.Notes.Encoded = [1];

        var copy = noted with { User = "bob" };
        Assert.False(copy.HasNotes);
        copy.StartNotes();
        Assert.Null(copy.Notes.Encoded);
        Assert.NotNull(noted.Notes.Encoded);
    }
}
