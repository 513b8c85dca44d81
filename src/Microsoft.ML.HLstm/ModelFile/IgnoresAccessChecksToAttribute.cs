#pragma warning disable IDE0130 // The runtime looks for the attribute under this name, not under the folder's.
namespace System.Runtime.CompilerServices;
#pragma warning restore IDE0130

/// <summary>Tells the runtime that this assembly may use the internals of another; known to it by name only.</summary>
/// <param name="assemblyName">The simple name of the other assembly.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>Gets the simple name of the other assembly.</summary>
    public string AssemblyName { get; } = assemblyName;
}
