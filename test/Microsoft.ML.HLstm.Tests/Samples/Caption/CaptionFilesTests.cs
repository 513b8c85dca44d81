using Samples.Commands;

namespace Samples.Caption;

[TestClass]
public sealed class CaptionFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [TestMethod]
    public void CaptionsOfFlickr8k()
    {
        string captions = _folder.Write("captions.token.txt", "a.jpg#0\tA dog # runs .\na.jpg#1\tThe dog runs .\nb#1.jpg#0\tA man sits .\nc.jpg#0\tA cat .\n");
        string list = _folder.Write("list.txt", "c.jpg\na.jpg\n\n");
        IReadOnlyList<CaptionedImage> all = CaptionFiles.Read([_folder.Path, captions]);
        CollectionAssert.AreEqual((string[])["a.jpg", "b#1.jpg", "c.jpg"], all.Select(image => Path.GetFileName(image.ImagePath)).ToArray());
        CollectionAssert.AreEqual((string[])["A dog # runs .", "The dog runs ."], all[0].Captions);
        IReadOnlyList<CaptionedImage> listed = CaptionFiles.Read([_folder.Path, captions, list]);
        CollectionAssert.AreEqual((string[])[_folder.PathOf("c.jpg"), _folder.PathOf("a.jpg")], listed.Select(image => image.ImagePath).ToArray());
    }

    [TestMethod]
    public void CaptionsOfMscoco()
    {
        string captions = _folder.Write("captions_train2014.json", """
            {"info": {"year": 2014}, "images": [{"id": 57870, "file_name": "COCO_train2014_000000057870.jpg", "height": 480}, {"id": 9, "file_name": "none.jpg"},
             {"id": 3, "file_name": "b.jpg"}], "licenses": [],
             "annotations": [{"image_id": 3, "id": 1, "caption": "A bowl"}, {"image_id": 57870, "id": 2, "caption": " A table\n"}, {"image_id": 3, "id": 3, "caption": "Fruit"}]}
            """);
        IReadOnlyList<CaptionedImage> all = CaptionFiles.Read([_folder.Path, captions]);
        CollectionAssert.AreEqual((string[])[_folder.PathOf("COCO_train2014_000000057870.jpg"), _folder.PathOf("b.jpg")], all.Select(image => image.ImagePath).ToArray());
        CollectionAssert.AreEqual((string[])["A table"], all[0].Captions);
        CollectionAssert.AreEqual((string[])["A bowl", "Fruit"], all[1].Captions);
        Assert.HasCount(1, CaptionFiles.Read([_folder.Path, captions, _folder.Write("list.txt", "b.jpg\n")]));
    }

    [TestMethod]
    public void SplitsOfKarpathy()
    {
        string splits = _folder.Write("dataset_coco.json", """
            {"images": [{"filepath": "val2014", "sentids": [1], "filename": "a.jpg", "imgid": 0, "split": "test", "sentences": [{"tokens": ["a", "man"], "raw": "A man. ", "imgid": 0, "sentid": 1}], "cocoid": 1},
             {"filepath": "train2014", "filename": "b.jpg", "split": "train", "sentences": [{"raw": "A dog"}, {"raw": "Dogs"}]}, {"filename": "c.jpg", "split": "restval", "sentences": [{"raw": "A cat"}]}],
             "dataset": "coco"}
            """);
        IReadOnlyList<CaptionedImage> train = CaptionFiles.Read([_folder.Path, splits, "train+restval"]);
        CollectionAssert.AreEqual((string[])[Path.Combine(_folder.Path, "train2014", "b.jpg"), _folder.PathOf("c.jpg")], train.Select(image => image.ImagePath).ToArray());
        CollectionAssert.AreEqual((string[])["A dog", "Dogs"], train[0].Captions);
        CollectionAssert.AreEqual((string[])["A man."], CaptionFiles.Read([_folder.Path, splits, "test"]).Single().Captions);
        Assert.Contains("restval, test, train", Assert.ThrowsExactly<UsageException>(() => CaptionFiles.Read([_folder.Path, splits])).Message);
        Assert.Contains("'valid'", Assert.ThrowsExactly<UsageException>(() => CaptionFiles.Read([_folder.Path, splits, "train+valid"])).Message);
    }

    [TestMethod]
    public void WhatIsWrongIsNamed()
    {
        string captions = _folder.Write("captions.txt", "a.jpg#0\tA dog\nb.jpg A cat\n");
        Fails<UsageException>("1 arguments", _folder.Path);
        Fails<SampleException>("folder of images nowhere does not exist", "nowhere", captions);
        Fails<SampleException>("file of captions nothing.txt does not exist", _folder.Path, "nothing.txt");
        Fails<SampleException>($"{captions}, line 2 is not of the form", _folder.Path, captions);
        string good = _folder.Write("good.txt", "a.jpg#0\tA dog\n");
        string list = _folder.Write("list.txt", "z.jpg\n");
        Fails<SampleException>($"{list} names the image z.jpg, which has no captions in {good}", _folder.Path, good, list);
        Fails<SampleException>("There is no image with captions", _folder.Path, _folder.Write("empty.txt", ""));
        Fails<SampleException>("is damaged", _folder.Path, _folder.Write("cut.json", "{\"images\": [{"));
        Fails<SampleException>("has no images", _folder.Path, _folder.Write("other.json", "{\"a\": 1}"));
    }

    public void Dispose() => _folder.Dispose();

    private static void Fails<T>(string message, params string[] arguments) where T : Exception =>
        Assert.Contains(message, Assert.ThrowsExactly<T>(() => CaptionFiles.Read(arguments)).Message);
}
