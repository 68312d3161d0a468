using Platform.Contracts.Model;

namespace Platform.Contracts;

// Not Program: tests know the API's by that name.
internal static class EntryPoint
{
    public static async Task<int> Main(string[] arguments)
    {
        try
        {
            return await ContractCommands.RunAsync(arguments);
        }
        catch (Exception problem) when (problem is ContractException or IOException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
    }
}
