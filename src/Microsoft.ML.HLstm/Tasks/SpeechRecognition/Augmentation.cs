namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Changes utterances at random, so that a network never hears the same one twice: speed, noise, and the masks in time and
/// frequency of SpecAugment (D. Park et al., arXiv 1904.08779). Frames have a mean of 0, so what is masked becomes 0.
/// </summary>
internal sealed class Augmentation(SpeechRecognitionOptions options, SpeechShape shape, Random random)
{
    /// <summary>A copy at another speed, with noise. Only its speed changes its length, and never so far that its labels no longer fit.</summary>
    public Utterance Change(Utterance utterance)
    {
        if (options.SpeedChange == 0 && options.Noise == 0)
            return utterance;
        float[] frames = options.SpeedChange > 0 ? TimeStretch.Run(utterance.Frames, shape.FrameWidth, NewLength(utterance)) : [.. utterance.Frames];
        AddNoise(frames);
        return utterance with { Frames = frames };
    }

    /// <summary>A copy with parts of it masked.</summary>
    public Utterance Mask(Utterance utterance)
    {
        if (options.TimeMasks == 0 && options.FrequencyMasks == 0)
            return utterance;
        float[] frames = [.. utterance.Frames];
        int width = shape.FrameWidth, count = frames.Length / width;
        for (int i = 0; i < options.TimeMasks; i++)
        {
            (int from, int length) = Stretch(count, options.TimeMaskShare);
            frames.AsSpan(from * width, length * width).Clear();
        }

        for (int i = 0; i < options.FrequencyMasks; i++)
        {
            (int from, int length) = Stretch(width, options.FrequencyMaskShare);
            for (int t = 0; t < count; t++)
                frames.AsSpan(t * width + from, length).Clear();
        }

        return utterance with { Frames = frames };
    }

    private int NewLength(Utterance utterance)
    {
        int length = utterance.Frames.Length / shape.FrameWidth;
        int wanted = (int)Math.Round(length * (1 + options.SpeedChange * (2 * random.NextDouble() - 1)));
        // An utterance that is too short for its labels stays as it is or becomes longer.
        int fewest = Math.Min(length, shape.Frames(Math.Max(1, utterance.FewestSteps)));
        return Math.Max(wanted, fewest);
    }

    /// <summary>A stretch of random width, up to a share of all, at a random place.</summary>
    private (int From, int Length) Stretch(int all, double share)
    {
        int length = random.Next((int)(all * share) + 1);
        return (random.Next(all - length + 1), length);
    }

    private void AddNoise(float[] frames)
    {
        if (options.Noise == 0)
            return;
        // Two normal numbers at once, by G. Box and M. Muller (1958).
        for (int i = 0; i < frames.Length; i += 2)
        {
            double radius = options.Noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
            frames[i] += (float)(radius * cos);
            if (i + 1 < frames.Length)
                frames[i + 1] += (float)(radius * sin);
        }
    }
}
