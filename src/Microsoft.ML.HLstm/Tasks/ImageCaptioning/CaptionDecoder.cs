using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Predicts the captions of the pictures that a <see cref="CaptionEncoder"/> has read.</summary>
internal sealed class CaptionDecoder(PackedCaptioner network, CaptionEncoder encoder) : StepDecoder(network.Decoder)
{
    private float[] _states = [];
    private int[] _sources = [];

    /// <inheritdoc/>
    public override int Sources => encoder.Images;

    /// <inheritdoc/>
    protected override void Start()
    {
        if (network.HasAttention)
            Remember(encoder.Memory, encoder.Starts);
        Lanes.Reserve(ref _sources!, Sources);
        for (int source = 0; source < Sources; source++)
            _sources[source] = source;
        int most = Sources < network.Decoder.SideBySideFrom ? 1 : Lanes.Most;
        for (int first = 0; first < Sources; first += most)
            Start(_sources.AsSpan(first, Math.Min(most, Sources - first)));
    }

    /// <summary>The pictures are the first input, from a state of zeros.</summary>
    private void Start(ReadOnlySpan<int> sources)
    {
        int lanes = Lanes.For(sources.Length);
        Lanes.Reserve(ref _states!, InitialState.Length * lanes);
        Span<float> states = _states.AsSpan(0, InitialState.Length * lanes), input = Input(lanes);
        states.Clear();
        for (int lane = 0; lane < sources.Length; lane++)
            Lanes.Put(encoder.Embedded(sources[lane]), input, lanes, lane);
        Advance(states, sources, lanes);
        for (int lane = 0; lane < sources.Length; lane++)
        {
            Lanes.Take(states, lanes, lane, InitialState);
            StartFrom(sources[lane], InitialState);
        }
    }
}
