using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Build;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tests.Build;

[TestClass]
public sealed class PublicMetadataTests
{
    private const MethodAttributes Access = MethodAttributes.MemberAccessMask;

    [TestMethod]
    [DataRow(typeof(IHostEnvironment))]
    [DataRow(typeof(RowToRowTransformerBase))]
    [DataRow(typeof(DataViewSchema))]
    public void Publicize_LeavesNothingInternal(Type type)
    {
        byte[] original = File.ReadAllBytes(type.Assembly.Location);
        byte[] copy = [.. original];
        int changed = PublicMetadata.Publicize(copy);

        using PEReader before = new(new MemoryStream(original)), after = new(new MemoryStream(copy));
        MetadataReader was = before.GetMetadataReader(), now = after.GetMetadataReader();
        Assert.IsGreaterThan(0, changed);
        foreach (TypeDefinitionHandle handle in now.TypeDefinitions)
            CheckType(was.GetTypeDefinition(handle), now.GetTypeDefinition(handle), now);
        foreach (MethodDefinitionHandle handle in now.MethodDefinitions)
        {
            MethodAttributes old = was.GetMethodDefinition(handle).Attributes, made = now.GetMethodDefinition(handle).Attributes;
            MethodAttributes expected = (old & Access) switch
            {
                MethodAttributes.Assembly => MethodAttributes.Public,
                MethodAttributes.FamANDAssem => MethodAttributes.Family,
                MethodAttributes access => access,
            };
            Assert.AreEqual(old & ~Access | expected, made, now.GetString(now.GetMethodDefinition(handle).Name));
        }
        foreach (FieldDefinitionHandle handle in now.FieldDefinitions)
        {
            FieldAttributes access = now.GetFieldDefinition(handle).Attributes & FieldAttributes.FieldAccessMask;
            Assert.AreNotEqual(FieldAttributes.Assembly, access);
            Assert.AreNotEqual(FieldAttributes.FamANDAssem, access);
        }
    }

    private static void CheckType(TypeDefinition was, TypeDefinition now, MetadataReader reader)
    {
        TypeAttributes access = now.Attributes & TypeAttributes.VisibilityMask;
        string space = reader.GetString(now.Namespace), name = reader.GetString(now.Name);
        if (space.StartsWith("System", StringComparison.Ordinal) || space == "Microsoft.CodeAnalysis")
            Assert.AreEqual(was.Attributes, now.Attributes, name);
        else
            Assert.IsFalse(access is TypeAttributes.NotPublic or TypeAttributes.NestedAssembly or TypeAttributes.NestedFamANDAssem, name);
        Assert.AreEqual(was.Attributes & ~TypeAttributes.VisibilityMask, now.Attributes & ~TypeAttributes.VisibilityMask, name);
    }

    [TestMethod]
    public void Publicize_TwiceChangesNothingMore()
    {
        byte[] image = File.ReadAllBytes(typeof(IHostEnvironment).Assembly.Location);
        PublicMetadata.Publicize(image);

        Assert.AreEqual(0, PublicMetadata.Publicize(image));
    }

    [TestMethod]
    public void Publicize_RefusesWhatIsNotAnAssembly()
    {
        Assert.Throws<BadImageFormatException>(() => PublicMetadata.Publicize(new byte[500]));
    }
}
