using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using TorchSharp;
torch.set_num_threads(int.Parse(args[0])); 
string[] Read(string f){ using var r=new StreamReader(new GZipStream(File.OpenRead(f),CompressionMode.Decompress)); return r.ReadToEnd().Split('\n',StringSplitOptions.RemoveEmptyEntries);}
var de=Read("/work/shared/data/multi30k/train.de.gz"); var en=Read("/work/shared/data/multi30k/train.en.gz");
int vs=int.Parse(args[1]);
var sw=Stopwatch.StartNew();
var vd=SubwordVocabulary.Learn(de,true,vs); var ve=SubwordVocabulary.Learn(en,true,vs); Console.WriteLine($"vocab {vd.Count} {ve.Count} {sw.Elapsed}");
var pairs=de.Zip(en).Select((p,i)=>new SentencePair(i,[..vd.Encode(p.First),3],ve.Encode(p.Second))).ToArray(); Console.WriteLine($"encoded {sw.Elapsed} mean {pairs.Average(p=>p.Source.Length)} {pairs.Average(p=>p.Target.Length)}");
foreach(var (layers,bs) in new[]{(0,64),(1,64),(1,128)}){
var o=new TranslationOptions{BatchSize=bs, GrowAndPrune=GrowAndPruneSchedule.Accurate};
var shape=new TranslationShape(vd.Count,ve.Count,256,256,1,1,true,true,true,new GateNetworkOptions(layers,layers==0?0:256,GateActivation.LeakyRelu,false,0.2));
using var gen=new torch.Generator(1);
var net=new TranslationNetwork(shape,0.3,gen);
var t=new TranslationTraining(net,pairs,new TranslationValidation(),o);
var adam=new MaskedAdam(t.Parameters,0.998);
var batches=LengthBuckets.Batches(t.Rows,bs,t.Length,new Random(1));
net.train(); double fw=0,bw=0,ad=0; long n0=0; 
for(int i=0;i<60;i++){ if(i==10){fw=bw=ad=0;n0=0;} var s=Stopwatch.StartNew(); using var sc=torch.NewDisposeScope(); var (l,n)=t.Loss(batches[i]); float v=l.item<float>(); fw+=s.Elapsed.TotalMilliseconds; s.Restart(); l.backward(); bw+=s.Elapsed.TotalMilliseconds; s.Restart(); var g=adam.GradientNorm(); adam.Step(1e-3,Math.Min(1,5/g)); ad+=s.Elapsed.TotalMilliseconds; n0+=n; if(i%20==19) Console.WriteLine($"{i} {v}"); }
Console.WriteLine($"layers {layers} batch {bs}: fw {fw/50:F0} bw {bw/50:F0} adam {ad/50:F0} ms; epoch {(fw+bw+ad)/50*batches.Count/1000:F0} s");
}
