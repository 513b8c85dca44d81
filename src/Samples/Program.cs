using System.Text;
using Samples.Commands;

// Sentences are not ASCII; a byte order mark would be a character of the first one.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
Console.InputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return SampleCommandLine.Run(args, Console.Error);
