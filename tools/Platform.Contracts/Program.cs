using Platform.Contracts;
using Platform.Contracts.Model;

try
{
    return await ContractCommands.RunAsync(args);
}
catch (Exception problem) when (problem is ContractException or IOException or HttpRequestException)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 2;
}
