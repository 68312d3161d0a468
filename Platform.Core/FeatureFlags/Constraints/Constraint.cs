namespace Platform.FeatureFlags;

/// <summary>A constraint ready to be asked. Made once per snapshot; asking it allocates nothing.</summary>
internal abstract class Constraint(FieldReference field, bool inverted)
{
    public virtual bool Holds(FlagContext context)
    {
        var members = field.Members(context);
        if (members.IsEmpty)
        {
            return Test(field.Read(context)) != inverted;
        }

        foreach (var member in members)
        {
            if (Test(member))
            {
                return !inverted;
            }
        }

        return inverted;
    }

    /// <param name="value">The field's value, null where it is missing.</param>
    protected abstract bool Test(string? value);
}
