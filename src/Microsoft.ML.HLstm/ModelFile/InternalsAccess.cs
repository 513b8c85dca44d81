using System.Runtime.CompilerServices;

// What a transformer needs in order to be saved in ML.NET's model zip and loaded from it is internal to ML.NET
// (save and load contexts, LoadableClass, the row mappers). build/PublicReferences.targets lets the compiler see it,
// these attributes let the runtime. The test InternalsInUseTests lists everything that is used in this way.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.DataView")]
