using System.Security.Cryptography;

namespace Platform.Embedded;

/// <summary>A random value of letters and digits, with special characters where they are wanted.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerCase = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCase = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    /// <summary>How many characters at least. Default: 22, which is 128 bits with letters and digits.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether lowercase letters are used. Default: true.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether uppercase letters are used. Default: true.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits are used. Default: true.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether special characters are used that are safe in a URL or a shell's quotes. Default: true.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        var characters = (Lower ? LowerCase : "") + (Upper ? UpperCase : "") + (Numeric ? Digits : "") + (Special ? SpecialCharacters : "");
        return RandomNumberGenerator.GetString(characters, MinLength);
    }
}
