using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

/// <summary>Finds what a compiled assembly uses of ML.NET's internals, as the installed ML.NET has them.</summary>
internal static class InternalsInUse
{
    /// <summary>Every internal type and member of ML.NET that the assembly names or overrides, sorted.</summary>
    /// <exception cref="MissingMemberException">The installed ML.NET lacks something that the assembly names.</exception>
    public static SortedSet<string> Find(Assembly assembly)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        using PEReader file = new(File.OpenRead(assembly.Location));
        MetadataReader reader = file.GetMetadataReader();
        // References from generic code are resolved with stand-ins for its type parameters.
        Type[] standIns = [typeof(object), typeof(object), typeof(object), typeof(object)];
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            TypeReference reference = reader.GetTypeReference(handle);
            Add(found, Resolve(assembly, reader.GetString(reference.Namespace) + "." + reader.GetString(reference.Name),
                () => assembly.ManifestModule.ResolveType(MetadataTokens.GetToken(handle))));
        }
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            if (IsOwnGeneric(reader, reader.GetMemberReference(handle).Parent))
                continue;
            string name = reader.GetString(reader.GetMemberReference(handle).Name);
            Add(found, Resolve(assembly, name,
                () => assembly.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle), standIns, standIns)!));
        }
        foreach (MethodInfo method in assembly.GetTypes().SelectMany(type => type.GetMethods(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)))
        {
            Add(found, method.GetBaseDefinition());
        }
        return found;
    }

    /// <summary>Whether a type is an instance of a generic type that the assembly itself defines, whose constraints stand-ins may break.</summary>
    private static bool IsOwnGeneric(MetadataReader reader, EntityHandle type)
    {
        if (type.Kind != HandleKind.TypeSpecification)
            return false;
        BlobReader signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return false;
        signature.ReadCompressedInteger(); // Class or value type.
        return signature.ReadTypeHandle().Kind == HandleKind.TypeDefinition;
    }

    private static MemberInfo Resolve(Assembly assembly, string name, Func<MemberInfo> resolve)
    {
        try
        {
            return resolve();
        }
        catch (Exception error) when (error is MissingMemberException or TypeLoadException or FileNotFoundException)
        {
            throw new MissingMemberException(
                $"{assembly.GetName().Name} uses '{name}', which {MLNet()} does not have as it was compiled: {error.Message}", error);
        }
    }

    private static string MLNet() =>
        $"the installed Microsoft.ML {typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}";

    private static void Add(SortedSet<string> found, MemberInfo member)
    {
        Type type = member as Type ?? member.DeclaringType!;
        if (type.IsGenericType)
            type = type.GetGenericTypeDefinition();
        if (type.Assembly.GetName().Name is not ("Microsoft.ML.Core" or "Microsoft.ML.Data" or "Microsoft.ML.DataView"))
            return;
        bool hidden = !type.IsVisible || member switch
        {
            MethodBase method => method.IsAssembly || method.IsFamilyAndAssembly || method.IsPrivate,
            FieldInfo field => field.IsAssembly || field.IsFamilyAndAssembly || field.IsPrivate,
            _ => false,
        };
        if (hidden)
            found.Add($"{type.Assembly.GetName().Name} {type.FullName}{(member is Type ? "" : " " + member.Name)}");
    }
}
