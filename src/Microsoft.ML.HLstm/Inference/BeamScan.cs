using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Finds the scores of a step that are worth a look without sorting them: whole vectors below the worst candidates are passed
/// over, and after the first few tokens almost all of them are.
/// </summary>
internal sealed class BeamScan
{
    private readonly float[] _thresholds = new float[Lanes.Most];

    /// <summary>Offers every continuation that may be among the best, and is not impossible, to its beam.</summary>
    /// <param name="scores">Some of a step.</param>
    /// <param name="beams">The beam of each hypothesis of the step.</param>
    public void Offer(in StepScores scores, ReadOnlySpan<Beam> beams)
    {
        int lanes = scores.Lanes, step = Math.Max(lanes, VectorFunctions.Width);
        for (int first = 0; first < scores.Count; first += VectorFunctions.Width)
        {
            int rest = scores.Scores.Length - (scores.Scores.Length % step);
            Vector512<float> thresholds = Thresholds(scores, beams, first);
            ref float values = ref MemoryMarshal.GetReference(scores.Scores);
            for (int at = first; at < rest; at += step)
            {
                ulong better = Vector512.GreaterThan(Vector512.LoadUnsafe(ref values, (nuint)at), thresholds).ExtractMostSignificantBits();
                if (better == 0)
                    continue;
                bool kept = false;
                for (; better != 0; better &= better - 1)
                    kept |= OfferOne(scores, beams, at + BitOperations.TrailingZeroCount(better));
                if (kept)
                    thresholds = Thresholds(scores, beams, first);
            }

            for (int at = rest; at < scores.Scores.Length; at++)
            {
                if (at % lanes < scores.Count)
                    OfferOne(scores, beams, at);
            }
        }
    }

    private static bool OfferOne(in StepScores scores, ReadOnlySpan<Beam> beams, int at)
    {
        int lane = at % scores.Lanes;
        Beam beam = beams[scores.First + lane];
        int index = scores.First + lane - beam.First;
        return beam.Candidates.Offer(index, scores.TokenAt(at), beam.Live[index].LogProbability, scores.LogProbabilityAt(at));
    }

    private Vector512<float> Thresholds(in StepScores scores, ReadOnlySpan<Beam> beams, int first)
    {
        int lanes = Math.Min(scores.Lanes - first, VectorFunctions.Width);
        Span<float> thresholds = _thresholds.AsSpan(0, VectorFunctions.Width);
        for (int lane = 0; lane < lanes; lane++)
        {
            thresholds[lane] = float.PositiveInfinity;
            int hypothesis = scores.First + first + lane;
            if (first + lane >= scores.Count)
                continue;
            Beam beam = beams[hypothesis];
            thresholds[lane] = beam.Candidates.Threshold(beam.Live[hypothesis - beam.First].LogProbability, scores.Normalizers[first + lane]);
        }

        for (int i = lanes; i < VectorFunctions.Width; i++)
            thresholds[i] = thresholds[i - lanes];
        return Vector512.Create<float>(thresholds);
    }
}
